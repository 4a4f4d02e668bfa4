namespace Crosspoint.Rtc.Stun;

/// <summary>Why bytes are, or are not, a STUN message.</summary>
public enum StunParseResult : byte
{
    /// <summary>A well-formed message.</summary>
    Ok = 0,

    /// <summary>Fewer bytes than the 20-byte header.</summary>
    TooShort = 1,

    /// <summary>The first two bits are not zero.</summary>
    NotStun = 2,

    /// <summary>The magic cookie is not 0x2112A442.</summary>
    BadMagicCookie = 3,

    /// <summary>The length field is not a multiple of four, or disagrees with the datagram.</summary>
    LengthMismatch = 4,

    /// <summary>An attribute reaches beyond the message.</summary>
    AttributeOverrun = 5,

    /// <summary>An integrity or fingerprint attribute has a length its RFC does not allow.</summary>
    BadAttributeLength = 6,

    /// <summary>Something follows FINGERPRINT.</summary>
    FingerprintNotLast = 7,
}
