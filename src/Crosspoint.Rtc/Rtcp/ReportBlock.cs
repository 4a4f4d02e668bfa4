using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>What a receiver reports about one source (RFC 3550 §6.4.1).</summary>
/// <remarks>
/// <code>
/// |                             SSRC                              |
/// | fraction lost |       cumulative number of packets lost       |
/// |           extended highest sequence number received           |
/// |                      interarrival jitter                      |
/// |                         last SR (LSR)                         |
/// |                   delay since last SR (DLSR)                  |
/// </code>
/// </remarks>
/// <param name="Ssrc">The source reported about.</param>
/// <param name="FractionLost">Lost since the last report, in 1/256.</param>
/// <param name="CumulativeLost">Lost since the beginning, −2²³ to 2²³−1; duplicates make it negative.</param>
/// <param name="ExtendedHighestSequence">Cycles in the high half, highest sequence number in the low.</param>
/// <param name="Jitter">Interarrival jitter in units of the stream's clock.</param>
/// <param name="LastSenderReport">Middle of the NTP time of the last SR; zero before the first.</param>
/// <param name="DelaySinceLastSenderReport">From that SR to this report.</param>
public readonly record struct ReportBlock(
    Ssrc Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint ExtendedHighestSequence,
    uint Jitter,
    NtpShort LastSenderReport,
    NtpShort DelaySinceLastSenderReport)
{
    /// <summary>Bytes of one block.</summary>
    public const int Length = 24;

    /// <summary>Reads the first <see cref="Length"/> bytes.</summary>
    internal static ReportBlock Read(ReadOnlySpan<byte> bytes) => new(
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..])),
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes[20..])));

    internal void Write(Span<byte> into)
    {
        int lost = Math.Clamp(CumulativeLost, -0x80_0000, 0x7F_FFFF);
        BinaryPrimitives.WriteUInt32BigEndian(into, Ssrc.Value);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], ((uint)FractionLost << 24) | ((uint)lost & 0xFF_FFFF));
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], ExtendedHighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(into[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(into[16..], LastSenderReport.Value);
        BinaryPrimitives.WriteUInt32BigEndian(into[20..], DelaySinceLastSenderReport.Value);
    }
}

/// <summary>The report blocks of one SR or RR, 0 to 31.</summary>
public readonly ref struct ReportBlockList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ReportBlockList(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many there are.</summary>
    public int Count => _bytes.Length / ReportBlock.Length;

    /// <summary>The block at <paramref name="index"/>.</summary>
    public ReportBlock this[int index] => ReportBlock.Read(_bytes.Slice(index * ReportBlock.Length, ReportBlock.Length));
}
