using System.Buffers.Binary;

namespace Crosspoint.Rtc.Dtls;

/// <summary>A view of one DTLS 1.0/1.2 record (RFC 6347 §4.1).</summary>
/// <remarks>
/// <code>
/// | type 1 | version 2 | epoch 2 | sequence 6 | length 2 | fragment … |
/// handshake fragment in epoch 0: | msg_type 1 | length 3 | message_seq 2 | fragment_offset 3 | fragment_length 3 | … |
/// </code>
/// </remarks>
public readonly ref struct DtlsRecord
{
    /// <summary>Bytes before the fragment.</summary>
    public const int HeaderLength = 13;

    /// <summary>What AES-GCM adds to an encrypted fragment: explicit nonce and tag (RFC 5288 §3).</summary>
    public const int CipherOverhead = 8 + 16;

    private const byte Handshake = 22;
    private const byte ClientHello = 1;
    private const int HandshakeHeaderLength = 12;
    private const int MaxFragmentLength = (1 << 14) + 2048;

    private readonly ReadOnlySpan<byte> _bytes;

    private DtlsRecord(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The content type: 20 to 23 (ChangeCipherSpec, alert, handshake, application data), or one we do not know.</summary>
    public byte ContentType => _bytes[0];

    /// <summary>Zero until keys are in use.</summary>
    public ushort Epoch => BinaryPrimitives.ReadUInt16BigEndian(_bytes[3..]);

    /// <summary>Header and fragment.</summary>
    public int Length => _bytes.Length;

    /// <summary>
    /// False for what cannot be authentic: an encrypted record shorter than its nonce and tag, or of an epoch that only a
    /// renegotiation would begin. OpenSSL 3.0 ends the connection for the first, and hoards the second, both from anybody.
    /// </summary>
    public bool IsPlausible => Epoch == 0 || (Epoch == 1 && Length >= HeaderLength + CipherOverhead);

    /// <summary>Could this record start a ClientHello that a server answers? Offset zero, and lengths that agree.</summary>
    public bool StartsClientHello
    {
        get
        {
            var fragment = _bytes[HeaderLength..];
            return ContentType == Handshake && Epoch == 0
                && fragment.Length >= HandshakeHeaderLength
                && fragment[0] == ClientHello
                && Read24(fragment[9..]) == fragment.Length - HandshakeHeaderLength
                && Read24(fragment[6..]) + Read24(fragment[9..]) <= Read24(fragment[1..]);
        }
    }

    /// <summary>Reads the first record of a datagram, or of the rest of one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out DtlsRecord record)
    {
        record = default;
        if (datagram.Length < HeaderLength || datagram[0] is < 20 or > 63 || datagram[1] != 0xFE)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
        if (length > MaxFragmentLength || length > datagram.Length - HeaderLength)
        {
            return false;
        }

        record = new DtlsRecord(datagram[..(HeaderLength + length)]);
        return true;
    }

    private static int Read24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
}
