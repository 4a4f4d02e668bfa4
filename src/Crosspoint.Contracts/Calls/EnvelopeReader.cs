using System.Text.Json;
using System.Text.Unicode;

namespace Crosspoint.Contracts.Calls;

/// <summary>Reads client frames and tells apart what the input pipeline treats differently.</summary>
public static class EnvelopeReader
{
    /// <summary>How deep JSON may nest; real frames stay below 10.</summary>
    public const int MaxDepth = 32;

    /// <summary>The longest <c>type</c> and <c>msgId</c>, in characters.</summary>
    public const int MaxTypeLength = 64, MaxMsgIdLength = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>Reads one frame. <paramref name="frame"/> holds whatever could be read, whichever the status.</summary>
    /// <param name="utf8">The text message.</param>
    /// <param name="frame">What was read.</param>
    public static EnvelopeStatus Read(ReadOnlySpan<byte> utf8, out ClientFrame frame)
    {
        frame = new ClientFrame(string.Empty, null, 0, Empty);
        if (!Utf8.IsValid(utf8))
        {
            // JSON is UTF-8 (RFC 8259 §8.1), and the parser only looks once a string is asked for.
            return EnvelopeStatus.NotJson;
        }

        JsonElement root;
        try
        {
            root = JsonElement.Parse(utf8, Options);
        }
        catch (JsonException)
        {
            return EnvelopeStatus.NotJson;
        }

        try
        {
            return root.ValueKind == JsonValueKind.Object ? Read(root, ref frame) : EnvelopeStatus.InvalidEnvelope;
        }
        catch (InvalidOperationException)
        {
            // The same in a property's name: looking for another name by it throws.
            return EnvelopeStatus.InvalidEnvelope;
        }
    }

    private static EnvelopeStatus Read(JsonElement root, ref ClientFrame frame)
    {
        var msgId = Text(root, "msgId"u8, MaxMsgIdLength);
        var type = Text(root, "type"u8, MaxTypeLength);
        var payload = Empty;
        var payloadFits = !root.TryGetProperty("payload"u8, out var given) || given.ValueKind is JsonValueKind.Object or JsonValueKind.Null;
        if (given.ValueKind == JsonValueKind.Object)
        {
            payload = given;
        }

        frame = new ClientFrame(type ?? string.Empty, msgId, 0, payload);
        if (!IsOne(root, "v"u8) || type is null || msgId is null || !IsNumber(root, "ts"u8) || !payloadFits)
        {
            return EnvelopeStatus.InvalidEnvelope;
        }

        if (root.TryGetProperty("ack"u8, out var ack) && ack.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        {
            return EnvelopeStatus.AckFrame;
        }

        if (!TrySeq(root, out var seq))
        {
            return EnvelopeStatus.InvalidSeq;
        }

        frame = frame with { Seq = seq };
        return EnvelopeStatus.Ok;
    }

    private static string? Text(JsonElement root, ReadOnlySpan<byte> name, int max)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString() is { Length: > 0 } text && text.Length <= max ? text : null;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate escape is well-formed JSON but no text.
            return null;
        }
    }

    private static bool IsOne(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 1;

    private static bool IsNumber(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number;

    private static bool TrySeq(JsonElement root, out long seq)
    {
        seq = 0;
        if (!root.TryGetProperty("seq"u8, out var value) || value.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        if (!value.TryGetInt64(out seq))
        {
            // 3.0 and 3e0 are whole numbers to JavaScript.
            if (!value.TryGetDouble(out var number) || number != Math.Truncate(number) || Math.Abs(number) > Json.WholeNumberConverter.MaxSafeInteger)
            {
                return false;
            }

            seq = (long)number;
        }

        return seq is >= 1 and <= Json.WholeNumberConverter.MaxSafeInteger;
    }
}
