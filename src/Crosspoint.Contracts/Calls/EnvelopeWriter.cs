using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Crosspoint.Contracts.Calls;

/// <summary>Writes frames. Every call writes one whole JSON text message.</summary>
public static class EnvelopeWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a frame with a payload record. The bytes of a broadcast are written once and sent to many.</summary>
    /// <typeparam name="T">The payload record.</typeparam>
    /// <param name="into">Where to.</param>
    /// <param name="type">One of <see cref="MessageTypes"/>.</param>
    /// <param name="msgId">A fresh id; the same again only when a client retries.</param>
    /// <param name="unixMs">Now, ms since the Unix epoch.</param>
    /// <param name="seq">The sequence number; null on broadcasts.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="typeInfo">From <see cref="CallsJson.Default"/>.</param>
    public static void Write<T>(IBufferWriter<byte> into, string type, Guid msgId, long unixMs, long? seq, T payload, JsonTypeInfo<T> typeInfo)
    {
        using var writer = Begin(into, type, msgId, unixMs, seq);
        writer.WritePropertyName("payload"u8);
        JsonSerializer.Serialize(writer, payload, typeInfo);
        writer.WriteEndObject();
    }

    /// <summary>Writes a frame whose payload is relayed as it came.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="type">One of <see cref="MessageTypes"/>.</param>
    /// <param name="msgId">A fresh id.</param>
    /// <param name="unixMs">Now, ms since the Unix epoch.</param>
    /// <param name="seq">The sequence number; null on broadcasts and relays.</param>
    /// <param name="payload">The payload.</param>
    public static void WriteRaw(IBufferWriter<byte> into, string type, Guid msgId, long unixMs, long? seq, JsonElement payload)
    {
        using var writer = Begin(into, type, msgId, unixMs, seq);
        writer.WritePropertyName("payload"u8);
        payload.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes an ACK: never with a <c>seq</c>, <c>ok</c> unless there is an error.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="msgId">A fresh id.</param>
    /// <param name="unixMs">Now, ms since the Unix epoch.</param>
    /// <param name="ackOfMsgId">The id of the request.</param>
    /// <param name="error">Why it was refused, or null.</param>
    /// <param name="payload">The outcome in brief, or null for an empty payload.</param>
    public static void WriteAck(IBufferWriter<byte> into, Guid msgId, long unixMs, string ackOfMsgId, AckError? error = null, AckPayload? payload = null)
    {
        using var writer = Begin(into, MessageTypes.Ack, msgId, unixMs, seq: null);
        writer.WritePropertyName("ack"u8);
        JsonSerializer.Serialize(writer, new Ack { AckOfMsgId = ackOfMsgId, Ok = error is null, Error = error }, CallsJson.Default.Ack);
        writer.WritePropertyName("payload"u8);
        JsonSerializer.Serialize(writer, payload ?? new AckPayload(), CallsJson.Default.AckPayload);
        writer.WriteEndObject();
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> into, string type, Guid msgId, long unixMs, long? seq)
    {
        var writer = new Utf8JsonWriter(into, Options);
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, Envelope.CurrentVersion);
        writer.WriteString("type"u8, type);
        writer.WriteString("msgId"u8, msgId);
        writer.WriteNumber("ts"u8, unixMs);
        if (seq is { } number)
        {
            writer.WriteNumber("seq"u8, number);
        }

        return writer;
    }
}
