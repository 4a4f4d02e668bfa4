namespace Crosspoint.Rtc.Srtp;

/// <summary>What became of a packet. Everything but <see cref="Ok"/> is a drop, and the value is its metric label.</summary>
public enum SrtpResult
{
    /// <summary>Protected, or authenticated and decrypted.</summary>
    Ok,

    /// <summary>The tag does not match: forged, corrupted, or other keys.</summary>
    AuthenticationFailed,

    /// <summary>The packet index was seen before: a duplicate by the network, or a repeated probe. Counted, not an offence.</summary>
    Replayed,

    /// <summary>Further back than the replay window reaches, so that a replay could not be told.</summary>
    TooOld,

    /// <summary>Shorter than the headers and the tag need.</summary>
    TooShort,

    /// <summary>One more SSRC than the options allow.</summary>
    TooManySources,

    /// <summary>The key has protected as many packets as it may (RFC 3711 §9.2); the association must be made anew.</summary>
    KeyExhausted,

    /// <summary>The output does not fit the buffer given.</summary>
    BufferTooSmall,

    /// <summary>OpenSSL refused; not caused by the packet.</summary>
    CipherFailed,
}
