using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>RR: receiver report (RFC 3550 §6.4.2): the reporter's SSRC and report blocks.</summary>
public readonly ref struct ReceiverReport
{
    private const int FixedLength = 4;

    private ReceiverReport(Ssrc ssrc, ReportBlockList blocks)
    {
        Ssrc = ssrc;
        Blocks = blocks;
    }

    /// <summary>The reporter.</summary>
    public Ssrc Ssrc { get; }

    /// <summary>What it received.</summary>
    public ReportBlockList Blocks { get; }

    /// <summary>Parses a packet of kind <see cref="RtcpKind.ReceiverReport"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out ReceiverReport report)
    {
        int blocks = packet.Count * ReportBlock.Length;
        if (packet.Type != RtcpType.ReceiverReport || packet.Body.Length < FixedLength + blocks)
        {
            report = default;
            return false;
        }

        report = new ReceiverReport(packet.SenderSsrc, new ReportBlockList(packet.Body.Slice(FixedLength, blocks)));
        return true;
    }

    /// <summary>Appends an RR; false when it does not fit. At most 31 blocks.</summary>
    public static bool TryWrite(ref RtcpWriter writer, Ssrc ssrc, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        if (!writer.TryBegin(RtcpType.ReceiverReport, blocks.Length, FixedLength + (blocks.Length * ReportBlock.Length), out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc.Value);
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Write(body[(FixedLength + (i * ReportBlock.Length))..]);
        }

        return true;
    }
}
