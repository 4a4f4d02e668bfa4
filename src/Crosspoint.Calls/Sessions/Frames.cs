using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Sessions;

/// <summary>Writes whole frames. A broadcast is written once and its bytes are shared by all who get it.</summary>
public sealed class Frames(TimeProvider time)
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    private readonly TimeProvider _time = time;

    /// <summary>Now, ms since the Unix epoch.</summary>
    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A frame with a payload; a null seq makes it a broadcast.</summary>
    public byte[] Write<T>(string type, long? seq, T payload, JsonTypeInfo<T> typeInfo)
    {
        ArrayBufferWriter<byte> into = Scratch();
        EnvelopeWriter.Write(into, type, Guid.NewGuid(), Now, seq, payload, typeInfo);
        return into.WrittenSpan.ToArray();
    }

    /// <summary>A frame whose payload is relayed as it came.</summary>
    public byte[] Relay(string type, JsonElement payload)
    {
        ArrayBufferWriter<byte> into = Scratch();
        EnvelopeWriter.WriteRaw(into, type, Guid.NewGuid(), Now, null, payload);
        return into.WrittenSpan.ToArray();
    }

    /// <summary>An ACK.</summary>
    public byte[] Ack(string ackOfMsgId, AckError? error, AckPayload? payload)
    {
        ArrayBufferWriter<byte> into = Scratch();
        EnvelopeWriter.WriteAck(into, Guid.NewGuid(), Now, ackOfMsgId, error, payload);
        return into.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte> Scratch()
    {
        ArrayBufferWriter<byte> scratch = _scratch ??= new(4096);
        scratch.ResetWrittenCount();
        return scratch;
    }
}
