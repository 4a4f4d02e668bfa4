using Crosspoint.Fuzz.Engine;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Fuzz.Targets;

/// <summary>What a forwarder reads of media payloads, and the VP8 numbers it writes over.</summary>
internal static class PayloadTargets
{
    private static readonly byte[] Scratch = new byte[2048];

    public static IEnumerable<FuzzTarget> All => [new("rtp-payload", Run, Seeds) { MaxAllocatedBytes = 0 }];

    // Byte 0: format, and the marker in bit 7.
    private static int Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        var format = (PayloadFormat)((input[0] & 0x7F) % 6);
        bool marker = (input[0] & 0x80) != 0;
        ReadOnlySpan<byte> payload = input[1..];
        bool read = PayloadReader.TryRead(format, payload, marker, out PayloadFacts facts);
        var signature = new Signature();
        signature.Add((int)format);
        signature.Add(read);
        if (read)
        {
            signature.Add((int)facts.Flags);
            signature.Add(facts.SpatialLayer);
            signature.Add(facts.TemporalLayer);
            signature.Add((facts.Width > 0 ? 1 : 0) + (facts.Height > 0 ? 2 : 0));
            signature.Add(Details(format, payload));
        }

        return signature.Value;
    }

    private static int Details(PayloadFormat format, ReadOnlySpan<byte> payload)
    {
        switch (format)
        {
            case PayloadFormat.Opus:
                OpusPacket.TryRead(payload, out OpusPacket opus);
                return opus.FrameCount is > 0 and <= 48 ? opus.Configuration : throw new InvalidOperationException("1 to 48 frames.");
            case PayloadFormat.Vp8:
                return Overwrite(payload);
            case PayloadFormat.Vp9:
                Vp9Descriptor.TryRead(payload, out Vp9Descriptor vp9);
                return vp9.Length < payload.Length && vp9.SpatialLayerCount <= 8 ? vp9.SpatialLayerCount : throw new InvalidOperationException("Longer than the payload.");
            case PayloadFormat.Av1:
                Av1Packet.TryRead(payload, out Av1Packet av1);
                return av1.ElementCount > 0 ? Math.Min(av1.ElementCount, 5) + (av1.HasSequenceHeader ? 8 : 0) : throw new InvalidOperationException("At least one element.");
            default:
                return 0;
        }
    }

    // The numbers written must be read back, and nothing else may change.
    private static int Overwrite(ReadOnlySpan<byte> payload)
    {
        Vp8Descriptor.TryRead(payload, out Vp8Descriptor before);
        Span<byte> copy = Scratch.AsSpan(0, payload.Length);
        payload.CopyTo(copy);
        before.Overwrite(copy, 0x7ABC, 0xD5);
        ushort id = !before.HasPictureId ? (ushort)0 : before.IsPictureIdLong ? (ushort)0x7ABC : (ushort)0x3C;
        if (!Vp8Descriptor.TryRead(copy, out Vp8Descriptor after)
            || after.PictureId != id || after.Tl0PictureIndex != (before.HasTl0PictureIndex ? 0xD5 : 0))
        {
            throw new InvalidOperationException("The numbers written are not read back.");
        }

        before.Overwrite(copy, before.PictureId, before.Tl0PictureIndex);
        if (!copy.SequenceEqual(payload))
        {
            throw new InvalidOperationException("Writing over the numbers changed more than them.");
        }

        return before.Length;
    }

    internal static IEnumerable<byte[]> Seeds() =>
    [
        [1, 0xFC, 1, 2, 3],
        [1, 0x7B, 0x83, 0xFF],
        [2, 0x90, 0x80, 0x11, 0x10, 0x02, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0],
        [0x82, 0xB0, 0xF0, 0x92, 0x34, 0x56, 0x78, 0x31, 1, 2],
        [2, 0x10, 0x01, 4, 5, 6],
        [3, 0xAB, 0x92, 0x34, 0x21, 0x07, 0x38, 1, 0x40, 0, 0xF0, 2, 0x80, 0, 0xF0, 2, 0, 0x14, 1, 0x18, 1, 2, 9, 9],
        [0x83, 0xFC, 0x12, 0x52, 0x03, 0x04, 7, 7],
        [3, 0x8A, 5, 0x18, 1, 0x40, 1, 1, 9],
        [4, 0x67, 0x42, 0xE0, 0x1F],
        [4, 0x78, 0, 4, 0x67, 0x42, 0xE0, 0x1F, 0, 2, 0x68, 0xCE, 0, 3, 0x65, 0x88, 0x84],
        [0x84, 0x7C, 0x85, 0x88, 1, 2],
        [5, 0x28, 2, 0x12, 0, 0x0A, 0x0B, 0, 0, 0],
        [5, 0x08, 2, 0x0E, 0x28, 3, 0x36, 0x48, 1],
        [0x85, 0xD0, 0x30, 1, 2, 3],
    ];
}
