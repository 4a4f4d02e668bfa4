using System.Buffers.Binary;

namespace Crosspoint.Rtc.Stun;

/// <summary>Where the attributes with rules of their own begin in a message, found in the one pass that checks every length. 0 is absent.</summary>
internal readonly record struct StunLayout(int UsableEnd, int Integrity, int IntegritySha256, int Fingerprint)
{
    private const int Sha1Length = 20;
    private const int FingerprintLength = 4;

    public static StunParseResult Read(ReadOnlySpan<byte> datagram, out StunLayout layout)
    {
        layout = default;
        if (datagram.Length < StunMessage.HeaderLength)
        {
            return StunParseResult.TooShort;
        }

        if (datagram[0] > 3)
        {
            return StunParseResult.NotStun;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != StunMessage.MagicCookie)
        {
            return StunParseResult.BadMagicCookie;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        return (length & 3) != 0 || length + StunMessage.HeaderLength != datagram.Length
            ? StunParseResult.LengthMismatch
            : Walk(datagram, out layout);
    }

    private static StunParseResult Walk(ReadOnlySpan<byte> datagram, out StunLayout layout)
    {
        layout = new(datagram.Length, 0, 0, 0);
        for (int at = StunMessage.HeaderLength; at < datagram.Length;)
        {
            // The message length is a multiple of four, so an attribute header always fits here.
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            int next = at + 4 + ((length + 3) & ~3);
            if (next > datagram.Length)
            {
                return StunParseResult.AttributeOverrun;
            }

            StunParseResult result = layout.Note((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]), at, length, next, out layout);
            if (result != StunParseResult.Ok)
            {
                return result;
            }

            at = next;
        }

        return StunParseResult.Ok;
    }

    private StunParseResult Note(StunAttributeType type, int at, int length, int next, out StunLayout layout)
    {
        layout = this;
        if (Fingerprint != 0)
        {
            return StunParseResult.FingerprintNotLast; // RFC 8489 §14.7
        }

        switch (type)
        {
            case StunAttributeType.Fingerprint:
                layout = this with { Fingerprint = at, UsableEnd = Math.Min(UsableEnd, at) };
                return length == FingerprintLength ? StunParseResult.Ok : StunParseResult.BadAttributeLength;

            // RFC 8489 §14.5: what follows the first integrity attribute is ignored, except the second kind and FINGERPRINT.
            case StunAttributeType.MessageIntegrity when Integrity == 0 && IntegritySha256 == 0:
                layout = this with { Integrity = at, UsableEnd = Math.Min(UsableEnd, next) };
                return length == Sha1Length ? StunParseResult.Ok : StunParseResult.BadAttributeLength;

            case StunAttributeType.MessageIntegritySha256 when IntegritySha256 == 0:
                layout = this with { IntegritySha256 = at, UsableEnd = Math.Min(UsableEnd, next) };
                return length is >= 16 and <= 32 && (length & 3) == 0 ? StunParseResult.Ok : StunParseResult.BadAttributeLength;

            default:
                return StunParseResult.Ok;
        }
    }
}
