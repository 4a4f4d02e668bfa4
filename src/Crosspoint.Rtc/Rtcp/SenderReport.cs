using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>The sender's half of an SR: which RTP time was at which wallclock time, and what has been sent.</summary>
/// <param name="Ntp">Wallclock of the report.</param>
/// <param name="Rtp">The stream's timestamp at the same moment.</param>
/// <param name="PacketCount">RTP packets sent, modulo 2³².</param>
/// <param name="OctetCount">Payload bytes sent without headers and padding, modulo 2³².</param>
public readonly record struct SenderInfo(NtpTimestamp Ntp, RtpTimestamp Rtp, uint PacketCount, uint OctetCount);

/// <summary>SR: sender report (RFC 3550 §6.4.1). Profile-specific extensions after the blocks are ignored.</summary>
/// <remarks>
/// <code>
/// |                        SSRC of sender                         |
/// |                  NTP timestamp (64 bits)                      |
/// |                         RTP timestamp                         |
/// |                     sender's packet count                     |
/// |                      sender's octet count                     |
/// |                     report blocks × RC                        |
/// </code>
/// </remarks>
public readonly ref struct SenderReport
{
    private const int FixedLength = 24;

    private SenderReport(Ssrc ssrc, SenderInfo info, ReportBlockList blocks)
    {
        Ssrc = ssrc;
        Info = info;
        Blocks = blocks;
    }

    /// <summary>The sender.</summary>
    public Ssrc Ssrc { get; }

    /// <summary>What it sent.</summary>
    public SenderInfo Info { get; }

    /// <summary>What it received.</summary>
    public ReportBlockList Blocks { get; }

    /// <summary>Parses a packet of kind <see cref="RtcpKind.SenderReport"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out SenderReport report)
    {
        ReadOnlySpan<byte> body = packet.Body;
        int blocks = packet.Count * ReportBlock.Length;
        if (packet.Type != RtcpType.SenderReport || body.Length < FixedLength + blocks)
        {
            report = default;
            return false;
        }

        SenderInfo info = new(
            new(BinaryPrimitives.ReadUInt64BigEndian(body[4..])),
            new(BinaryPrimitives.ReadUInt32BigEndian(body[12..])),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        report = new SenderReport(packet.SenderSsrc, info, new ReportBlockList(body.Slice(FixedLength, blocks)));
        return true;
    }

    /// <summary>Appends an SR; false when it does not fit. At most 31 blocks.</summary>
    public static bool TryWrite(ref RtcpWriter writer, Ssrc ssrc, in SenderInfo info, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        if (!writer.TryBegin(RtcpType.SenderReport, blocks.Length, FixedLength + (blocks.Length * ReportBlock.Length), out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc.Value);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], info.Ntp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], info.Rtp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], info.PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], info.OctetCount);
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Write(body[(FixedLength + (i * ReportBlock.Length))..]);
        }

        return true;
    }
}
