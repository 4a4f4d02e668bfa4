using System.Buffers.Binary;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Stun;

/// <summary>
/// A view over the bytes of one well-formed STUN message (RFC 8489 §5). Parsing checks every length once, copies nothing and never throws;
/// it says nothing about authenticity: ask <see cref="StunFingerprint"/> and <see cref="StunIntegrity"/>.
/// </summary>
public readonly ref struct StunMessage
{
    /// <summary>Bytes in the fixed header.</summary>
    public const int HeaderLength = 20;

    /// <summary>The constant in bytes 4 to 7.</summary>
    public const uint MagicCookie = 0x2112_A442;

    private readonly StunLayout _layout;

    private StunMessage(ReadOnlySpan<byte> bytes, StunLayout layout)
    {
        Bytes = bytes;
        _layout = layout;
    }

    /*   0                   1                   2                   3
        |0 0|     STUN Message Type     |         Message Length        |
        |                         Magic Cookie                          |
        |                     Transaction ID (96 bits)                  |  */

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Request, indication, success or error.</summary>
    public StunClass Class => StunMessageType.ClassOf(BinaryPrimitives.ReadUInt16BigEndian(Bytes));

    /// <summary>The method.</summary>
    public StunMethod Method => StunMessageType.MethodOf(BinaryPrimitives.ReadUInt16BigEndian(Bytes));

    /// <summary>The transaction id.</summary>
    public StunTransactionId TransactionId => StunTransactionId.Read(Bytes.Slice(8, StunTransactionId.Length));

    /// <summary>True when MESSAGE-INTEGRITY is present.</summary>
    public bool HasMessageIntegrity => _layout.Integrity != 0;

    /// <summary>True when MESSAGE-INTEGRITY-SHA256 is present.</summary>
    public bool HasMessageIntegritySha256 => _layout.IntegritySha256 != 0;

    /// <summary>True when FINGERPRINT is present (it is then the last attribute).</summary>
    public bool HasFingerprint => _layout.Fingerprint != 0;

    /// <summary>Attributes that count: those after an integrity attribute are left out, as RFC 8489 §14.5 and §14.6 ask.</summary>
    public StunAttributeEnumerator Attributes => new(Bytes[HeaderLength.._layout.UsableEnd]);

    /// <summary>True when ICE's USE-CANDIDATE flag is present.</summary>
    public bool HasUseCandidate => TryGet(StunAttributeType.UseCandidate, out _);

    internal StunLayout Layout => _layout;

    /// <summary>Parses a datagram that holds exactly one message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message) => Parse(datagram, out message) == StunParseResult.Ok;

    /// <summary>Parses a datagram that holds exactly one message and says what is wrong with it.</summary>
    public static StunParseResult Parse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        StunParseResult result = StunLayout.Read(datagram, out StunLayout layout);
        message = result == StunParseResult.Ok ? new(datagram, layout) : default;
        return result;
    }

    /// <summary>The first attribute of a type; later ones of the same type do not count (RFC 8489 §14).</summary>
    public bool TryGet(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (StunAttribute attribute in Attributes)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A 32-bit attribute such as PRIORITY; false when absent or of another size.</summary>
    public bool TryGetUInt32(StunAttributeType type, out uint value)
    {
        bool found = TryGet(type, out ReadOnlySpan<byte> bytes) && bytes.Length == 4;
        value = found ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return found;
    }

    /// <summary>A 64-bit attribute such as ICE-CONTROLLING; false when absent or of another size.</summary>
    public bool TryGetUInt64(StunAttributeType type, out ulong value)
    {
        bool found = TryGet(type, out ReadOnlySpan<byte> bytes) && bytes.Length == 8;
        value = found ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return found;
    }

    /// <summary>XOR-MAPPED-ADDRESS, given the protocol the message came over.</summary>
    public bool TryGetXorMappedAddress(TransportProtocol protocol, out TransportAddress address) =>
        TryGetXorAddress(StunAttributeType.XorMappedAddress, protocol, out address);

    /// <summary>Any XOR'd address attribute (TURN has more of them).</summary>
    public bool TryGetXorAddress(StunAttributeType type, TransportProtocol protocol, out TransportAddress address)
    {
        address = default;
        return TryGet(type, out ReadOnlySpan<byte> value) && StunAddress.TryReadXor(value, Bytes.Slice(4, 16), protocol, out address);
    }

    /// <summary>MAPPED-ADDRESS or ALTERNATE-SERVER.</summary>
    public bool TryGetAddress(StunAttributeType type, TransportProtocol protocol, out TransportAddress address)
    {
        address = default;
        return TryGet(type, out ReadOnlySpan<byte> value) && StunAddress.TryRead(value, protocol, out address);
    }

    /// <summary>ERROR-CODE: a number from 300 to 699 and its UTF-8 reason phrase.</summary>
    public bool TryGetErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason)
    {
        // | reserved (21) | class (3) | number (8) | reason … |
        code = default;
        reason = default;
        if (!TryGet(StunAttributeType.ErrorCode, out ReadOnlySpan<byte> value) || value.Length < 4)
        {
            return false;
        }

        int hundreds = value[2] & 7;
        code = (StunErrorCode)((hundreds * 100) + value[3]);
        reason = value[4..];
        return hundreds is >= 3 and <= 6 && value[3] < 100;
    }

    /// <summary>
    /// Collects comprehension-required attributes that are not in <paramref name="known"/>; a request with any is answered with 420.
    /// Returns how many were written; more than fit are left out.
    /// </summary>
    public int FindUnknownRequired(ReadOnlySpan<StunAttributeType> known, Span<ushort> into)
    {
        int count = 0;
        foreach (StunAttribute attribute in Attributes)
        {
            if (count < into.Length && attribute.IsComprehensionRequired && !IsIn(known, attribute.Type) && !into[..count].Contains((ushort)attribute.Type))
            {
                into[count++] = (ushort)attribute.Type;
            }
        }

        return count;
    }

    private static bool IsIn(ReadOnlySpan<StunAttributeType> known, StunAttributeType type)
    {
        foreach (StunAttributeType one in known)
        {
            if (one == type)
            {
                return true;
            }
        }

        return false;
    }
}
