using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Streams;

/// <summary>A view of a kept packet; valid until the buffer is next changed.</summary>
/// <remarks>
/// <code>
/// | header | 2 bytes free for an OSN | payload |
/// </code>
/// </remarks>
public readonly ref struct StoredPacket
{
    private readonly Span<byte> _block;
    private readonly int _headerLength;

    internal StoredPacket(Span<byte> block, int headerLength)
    {
        _block = block;
        _headerLength = headerLength;
    }

    /// <summary>The header as it was stored.</summary>
    public ReadOnlySpan<byte> Header => _block[.._headerLength];

    /// <summary>The payload as it was stored.</summary>
    public ReadOnlySpan<byte> Payload => _block[(_headerLength + RtxPacket.OriginalSequenceNumberLength)..];

    /// <summary>The payload of a retransmission (RFC 4588 §4): the number under which the receiver knows the packet, then the payload. Nothing is copied.</summary>
    public ReadOnlySpan<byte> GetRtxPayload(SequenceNumber original)
    {
        Span<byte> payload = _block[_headerLength..];
        RtxPacket.WriteOriginalSequenceNumber(payload, original);
        return payload;
    }
}
