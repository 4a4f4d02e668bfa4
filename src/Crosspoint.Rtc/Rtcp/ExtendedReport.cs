using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>What a DLRR block says about one receiver (RFC 3611 §4.5).</summary>
/// <param name="Ssrc">The receiver whose reference time was heard.</param>
/// <param name="LastReceiverReport">Middle of its reference time; zero when none was heard.</param>
/// <param name="Delay">From hearing it to this report.</param>
public readonly record struct DelaySinceLastReceiverReport(Ssrc Ssrc, NtpShort LastReceiverReport, NtpShort Delay);

/// <summary>XR: extended reports (RFC 3611), of which we know RRTR and DLRR: a round trip for those who only receive.</summary>
/// <remarks>
/// <code>
/// |                              SSRC                             |
/// block × n:
/// |      BT       | type-specific |         block length (words)  |
/// BT 4, RRTR: NTP timestamp (64 bits)
/// BT 5, DLRR: | SSRC | LRR | DLRR | × n
/// </code>
/// </remarks>
public readonly ref struct ExtendedReport
{
    private const byte ReceiverReferenceTime = 4;
    private const byte DelayBlock = 5;
    private const int BlockHeaderLength = 4;
    private const int ReferenceTimeLength = 8;
    private const int DelayLength = 12;

    private readonly ReadOnlySpan<byte> _delays;

    private ExtendedReport(Ssrc sender, NtpTimestamp referenceTime, ReadOnlySpan<byte> delays)
    {
        SenderSsrc = sender;
        ReferenceTime = referenceTime;
        _delays = delays;
    }

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>Its wallclock from RRTR; <see cref="NtpTimestamp.None"/> when that block is absent.</summary>
    public NtpTimestamp ReferenceTime { get; }

    /// <summary>Entries of the first DLRR block.</summary>
    public int DelayCount => _delays.Length / DelayLength;

    /// <summary>The DLRR entry at <paramref name="index"/>.</summary>
    public DelaySinceLastReceiverReport GetDelay(int index)
    {
        ReadOnlySpan<byte> entry = _delays.Slice(index * DelayLength, DelayLength);
        return new(
            new(BinaryPrimitives.ReadUInt32BigEndian(entry)),
            new(BinaryPrimitives.ReadUInt32BigEndian(entry[4..])),
            new(BinaryPrimitives.ReadUInt32BigEndian(entry[8..])));
    }

    /// <summary>Parses a packet of kind <see cref="RtcpKind.ExtendedReport"/>; blocks of other types are passed over.</summary>
    public static bool TryParse(in RtcpPacket packet, out ExtendedReport report)
    {
        report = default;
        if (packet.Type != RtcpType.ExtendedReport || packet.Body.Length < 4)
        {
            return false;
        }

        NtpTimestamp reference = default;
        ReadOnlySpan<byte> delays = default;
        for (ReadOnlySpan<byte> rest = packet.Body[4..]; !rest.IsEmpty;)
        {
            // The body is a multiple of four bytes, so a block header is always whole.
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) * 4;
            if (length > rest.Length - BlockHeaderLength)
            {
                return false;
            }

            ReadOnlySpan<byte> block = rest.Slice(BlockHeaderLength, length);
            if (rest[0] == ReceiverReferenceTime && length == ReferenceTimeLength)
            {
                reference = new(BinaryPrimitives.ReadUInt64BigEndian(block));
            }
            else if (rest[0] == DelayBlock && length % DelayLength == 0 && delays.IsEmpty)
            {
                delays = block;
            }

            rest = rest[(BlockHeaderLength + length)..];
        }

        report = new ExtendedReport(packet.SenderSsrc, reference, delays);
        return true;
    }

    /// <summary>Appends an XR with our reference time; false when it does not fit.</summary>
    public static bool TryWriteReferenceTime(ref RtcpWriter writer, Ssrc sender, NtpTimestamp now)
    {
        if (!writer.TryBegin(RtcpType.ExtendedReport, 0, 4 + BlockHeaderLength + ReferenceTimeLength, out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        WriteBlockHeader(body[4..], ReceiverReferenceTime, ReferenceTimeLength);
        BinaryPrimitives.WriteUInt64BigEndian(body[8..], now.Value);
        return true;
    }

    /// <summary>Appends an XR with a DLRR block; false when it does not fit or there are no entries.</summary>
    public static bool TryWriteDelays(ref RtcpWriter writer, Ssrc sender, scoped ReadOnlySpan<DelaySinceLastReceiverReport> delays)
    {
        int length = delays.Length * DelayLength;
        if (delays.IsEmpty || writer.Free < length || !writer.TryBegin(RtcpType.ExtendedReport, 0, 4 + BlockHeaderLength + length, out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        WriteBlockHeader(body[4..], DelayBlock, length);
        for (int i = 0; i < delays.Length; i++)
        {
            Span<byte> entry = body[(4 + BlockHeaderLength + (i * DelayLength))..];
            BinaryPrimitives.WriteUInt32BigEndian(entry, delays[i].Ssrc.Value);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], delays[i].LastReceiverReport.Value);
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], delays[i].Delay.Value);
        }

        return true;
    }

    private static void WriteBlockHeader(Span<byte> into, byte type, int length)
    {
        into[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)(length / 4));
    }
}
