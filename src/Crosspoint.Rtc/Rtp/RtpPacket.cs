using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp;

/// <summary>
/// A view of one RTP packet (RFC 3550 §5.1) over bytes it does not own; valid as long as they are.
/// </summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |                             SSRC                              |
/// |                       CSRC × CC (0 to 15)                     |
/// |  extension profile (if X)     |   length in 32-bit words      |
/// |                     extension elements                        |
/// </code>
/// </remarks>
public readonly ref struct RtpPacket
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int FixedHeaderLength = 12;

    private const int SsrcOffset = 8;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _headerLength;
    private readonly int _paddingLength;

    private RtpPacket(ReadOnlySpan<byte> bytes, int headerLength, int paddingLength)
    {
        _bytes = bytes;
        _headerLength = headerLength;
        _paddingLength = paddingLength;
    }

    /// <summary>All bytes: header, payload and padding.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes of the fixed header, the CSRC list and the header extension.</summary>
    public int HeaderLength => _headerLength;

    /// <summary>The fixed header, the CSRC list and the header extension.</summary>
    public ReadOnlySpan<byte> Header => _bytes[.._headerLength];

    /// <summary>What follows the header, without padding. After <see cref="TryParseHeader(ReadOnlySpan{byte}, out RtpPacket)"/> padding is still in it.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[_headerLength..^_paddingLength];

    /// <summary>Bytes of padding at the end, its count byte included; 0 when there is none or it was not looked at.</summary>
    public int PaddingLength => _paddingLength;

    /// <summary>The padding bit as it is on the wire.</summary>
    public bool HasPadding => (_bytes[0] & 0x20) != 0;

    /// <summary>The marker bit; for video the last packet of a frame.</summary>
    public bool Marker => (_bytes[1] & 0x80) != 0;

    /// <summary>The payload type.</summary>
    public PayloadType PayloadType => new((byte)(_bytes[1] & 0x7F));

    /// <summary>The sequence number.</summary>
    public SequenceNumber SequenceNumber => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]));

    /// <summary>The timestamp in units of the payload's clock rate.</summary>
    public RtpTimestamp Timestamp => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]));

    /// <summary>The synchronisation source.</summary>
    public Ssrc Ssrc => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[SsrcOffset..]));

    /// <summary>How many contributing sources are listed, 0 to 15.</summary>
    public int CsrcCount => _bytes[0] & 0x0F;

    /// <summary>True when the header carries an extension, of whatever profile.</summary>
    public bool HasExtension => (_bytes[0] & 0x10) != 0;

    /// <summary>The extension elements in the order of the wire; none when there is no extension or it is not one of RFC 8285.</summary>
    public RtpExtensionList Extensions
    {
        get
        {
            if (!HasExtension)
            {
                return default;
            }

            int start = FixedHeaderLength + (CsrcCount * 4);
            return new RtpExtensionList(BinaryPrimitives.ReadUInt16BigEndian(_bytes[start..]), _bytes[(start + 4).._headerLength]);
        }
    }

    /// <summary>The <paramref name="index"/>th contributing source.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none with that index.</exception>
    public Ssrc GetCsrc(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CsrcCount);
        return new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[(FixedHeaderLength + (index * 4))..]));
    }

    /// <summary>The value of the first extension element with this local id; false when it is absent.</summary>
    public bool TryGetExtension(int id, out ReadOnlySpan<byte> value) => Extensions.TryGet(id, out value);

    /// <summary>Parses a plaintext packet, its padding included.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet) => TryParse(bytes, out packet, out _);

    /// <summary>Parses a plaintext packet, its padding included, and says what is wrong with it otherwise.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet, out RtpDropReason reason)
    {
        if (!TryParseHeader(bytes, out packet, out reason))
        {
            return false;
        }

        if (!packet.HasPadding)
        {
            return true;
        }

        // RFC 3550 §5.1: the last byte counts the padding, itself included.
        int padding = bytes[^1];
        if (padding == 0 || padding > bytes.Length - packet.HeaderLength)
        {
            packet = default;
            reason = RtpDropReason.Padding;
            return false;
        }

        packet = new RtpPacket(bytes, packet.HeaderLength, padding);
        return true;
    }

    /// <summary>Parses the header only: for packets whose payload, and with it the padding count, is still encrypted.</summary>
    public static bool TryParseHeader(ReadOnlySpan<byte> bytes, out RtpPacket packet) => TryParseHeader(bytes, out packet, out _);

    /// <summary>Parses the header only, and says what is wrong with it otherwise.</summary>
    public static bool TryParseHeader(ReadOnlySpan<byte> bytes, out RtpPacket packet, out RtpDropReason reason)
    {
        packet = default;
        if (bytes.Length < FixedHeaderLength)
        {
            reason = RtpDropReason.Truncated;
            return false;
        }

        if (bytes[0] >> 6 != 2)
        {
            reason = RtpDropReason.Version;
            return false;
        }

        if (!TryMeasureHeader(bytes, out int headerLength))
        {
            reason = RtpDropReason.Truncated;
            return false;
        }

        packet = new RtpPacket(bytes, headerLength, 0);
        reason = RtpDropReason.None;
        return true;
    }

    private static bool TryMeasureHeader(ReadOnlySpan<byte> bytes, out int length)
    {
        length = FixedHeaderLength + ((bytes[0] & 0x0F) * 4);
        if ((bytes[0] & 0x10) != 0)
        {
            if (bytes.Length < length + 4)
            {
                return false;
            }

            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(bytes[(length + 2)..]) * 4);
        }

        return length <= bytes.Length;
    }
}
