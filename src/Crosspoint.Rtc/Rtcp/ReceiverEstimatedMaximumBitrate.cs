using System.Buffers.Binary;
using System.Numerics;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>REMB: how much a receiver believes it can take (draft-alvestrand-rmcat-remb-03 §2.2).</summary>
/// <remarks>
/// <code>
/// |                  'R' 'E' 'M' 'B'                              |
/// |  Num SSRC     | BR Exp    |  BR Mantissa (18 bits)            |
/// |                      SSRC × Num                               |
/// </code>
/// </remarks>
public readonly ref struct ReceiverEstimatedMaximumBitrate
{
    /// <summary>The feedback format: application layer feedback.</summary>
    public const byte Format = 15;

    private const int FixedLength = FeedbackHeader.Length + 8;
    private const int MantissaBits = 18;

    private readonly ReadOnlySpan<byte> _sources;

    private ReceiverEstimatedMaximumBitrate(Ssrc sender, Bitrate bitrate, ReadOnlySpan<byte> sources)
    {
        SenderSsrc = sender;
        Bitrate = bitrate;
        _sources = sources;
    }

    /// <summary>Who estimates.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>The estimate; what does not fit 63 bits is clamped to the largest that does.</summary>
    public Bitrate Bitrate { get; }

    /// <summary>How many sources share the estimate.</summary>
    public int Count => _sources.Length / 4;

    /// <summary>The source at <paramref name="index"/>.</summary>
    public Ssrc this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(_sources.Slice(index * 4, 4)));

    /// <summary>Parses a packet of kind <see cref="RtcpKind.ReceiverEstimatedMaximumBitrate"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out ReceiverEstimatedMaximumBitrate remb)
    {
        ReadOnlySpan<byte> body = packet.Body;
        remb = default;
        if (!FeedbackHeader.IsPresent(packet, RtcpType.PayloadSpecificFeedback, Format) || !IsRemb(body) || body.Length < FixedLength)
        {
            return false;
        }

        int sources = body[12] * 4;
        if (body.Length < FixedLength + sources)
        {
            return false;
        }

        uint word = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        Bitrate bitrate = Expand((int)((word >> MantissaBits) & 0x3F), word & 0x3_FFFF);
        remb = new ReceiverEstimatedMaximumBitrate(packet.SenderSsrc, bitrate, body.Slice(FixedLength, sources));
        return true;
    }

    /// <summary>Appends a REMB; false when it does not fit. At most 255 sources. The bitrate is rounded down to 18 significant bits.</summary>
    public static bool TryWrite(ref RtcpWriter writer, Ssrc sender, Bitrate bitrate, scoped ReadOnlySpan<Ssrc> sources)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources.Length, 255, nameof(sources));
        if (!writer.TryBegin(RtcpType.PayloadSpecificFeedback, Format, FixedLength + (sources.Length * 4), out Span<byte> body))
        {
            return false;
        }

        FeedbackHeader.Write(body, sender, Ssrc.None);
        "REMB"u8.CopyTo(body[8..]);
        ulong bits = (ulong)Math.Max(bitrate.BitsPerSecond, 0);
        int exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(bits) - MantissaBits);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], ((uint)sources.Length << 24) | ((uint)exponent << MantissaBits) | (uint)(bits >> exponent));
        for (int i = 0; i < sources.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body[(FixedLength + (i * 4))..], sources[i].Value);
        }

        return true;
    }

    internal static bool IsRemb(ReadOnlySpan<byte> body) => body.Length >= FixedLength && body[8..].StartsWith("REMB"u8);

    // Exponents go to 63, so a peer can write numbers of 81 bits; none of them is a rate.
    private static Bitrate Expand(int exponent, uint mantissa)
    {
        int significant = 32 - BitOperations.LeadingZeroCount(mantissa);
        return significant + exponent > 63 ? new Bitrate(long.MaxValue) : new Bitrate((long)mantissa << exponent);
    }
}
