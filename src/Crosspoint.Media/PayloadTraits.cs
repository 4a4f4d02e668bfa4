namespace Crosspoint.Media;

/// <summary>What those who are handed a packet may do with its payload.</summary>
[Flags]
public enum PayloadTraits : byte
{
    /// <summary>Use it during the call; who needs it longer copies it.</summary>
    None = 0,

    /// <summary>Use it until the owner thread's turn ends, at an address that does not change: it is encrypted from where it was received.</summary>
    Stays = 1,

    /// <summary>
    /// Pad it (RFC 3550 §5.1), so that packets of nearly one size leave in one kernel message. Never without RTX: a packet that is
    /// resent under its old number, and so under its old key stream, must be the same to the bit.
    /// </summary>
    MayBePadded = 2,
}
