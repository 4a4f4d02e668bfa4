using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>
/// Iterates the packets of one RTCP datagram: a compound (RFC 3550 §6.1) or a reduced-size one (RFC 5506).
/// The whole structure is checked when it is opened, so that no part of a broken datagram takes effect.
/// </summary>
public ref struct RtcpReader
{
    private ReadOnlySpan<byte> _rest;

    private RtcpReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        IsReducedSize = (RtcpType)bytes[1] is not (RtcpType.SenderReport or RtcpType.ReceiverReport);
    }

    /// <summary>True when the first packet is neither SR nor RR.</summary>
    public bool IsReducedSize { get; }

    /// <summary>Packets that were passed over because their type or format is not one we know.</summary>
    public int UnknownCount { get; private set; }

    /// <summary>Checks lengths, versions and padding of a decrypted datagram.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out RtcpReader reader) => TryOpen(bytes, out reader, out _);

    /// <summary>Checks lengths, versions and padding of a decrypted datagram and says what is wrong otherwise.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out RtcpReader reader, out RtcpDropReason reason)
    {
        reader = default;
        reason = Check(bytes);
        if (reason != RtcpDropReason.None)
        {
            return false;
        }

        reader = new RtcpReader(bytes);
        return true;
    }

    /// <summary>The next packet of a known kind; false at the end.</summary>
    public bool TryRead(out RtcpPacket packet)
    {
        while (!_rest.IsEmpty)
        {
            packet = Take();
            if (packet.Kind != RtcpKind.Unknown)
            {
                return true;
            }

            UnknownCount++;
        }

        packet = default;
        return false;
    }

    private RtcpPacket Take()
    {
        int length = LengthOf(_rest);

        // Whole words alone: a body is a multiple of four bytes, and what fills up a last one is for its type to pass over.
        int padding = (_rest[0] & 0x20) != 0 ? _rest[length - 1] & ~3 : 0;
        RtcpPacket packet = new((RtcpType)_rest[1], (byte)(_rest[0] & 0x1F), _rest[RtcpPacket.HeaderLength..(length - padding)]);
        _rest = _rest[length..];
        return packet;
    }

    private static RtcpDropReason Check(ReadOnlySpan<byte> bytes)
    {
        do
        {
            if (bytes.Length < RtcpPacket.HeaderLength)
            {
                return RtcpDropReason.Truncated;
            }

            if (bytes[0] >> 6 != 2)
            {
                return RtcpDropReason.Version;
            }

            if (bytes[1] is < 192 or > 223)
            {
                return RtcpDropReason.Type;
            }

            int length = LengthOf(bytes);
            if (length > bytes.Length)
            {
                return RtcpDropReason.Truncated;
            }

            if ((bytes[0] & 0x20) != 0 && !IsPaddingSound(bytes, length))
            {
                return RtcpDropReason.Padding;
            }

            bytes = bytes[length..];
        }
        while (!bytes.IsEmpty);

        return RtcpDropReason.None;
    }

    // RFC 3550 §6.4.1 wants a multiple of four bytes, in the last packet alone. libwebrtc fills transport-wide feedback up to a word with one
    // to three bytes and says so, wherever it stands in a compound: three of four feedbacks of every browser.
    private static bool IsPaddingSound(ReadOnlySpan<byte> bytes, int length)
    {
        int padding = bytes[length - 1];
        return padding != 0 && padding <= length - RtcpPacket.HeaderLength;
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) + 1) * 4;
}
