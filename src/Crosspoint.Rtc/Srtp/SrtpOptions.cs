namespace Crosspoint.Rtc.Srtp;

/// <summary>Limits of one direction of an SRTP association.</summary>
public sealed record SrtpOptions
{
    /// <summary>
    /// The most SSRCs a direction keeps state for; about 300 bytes each, made only for authenticated packets.
    /// Default 1,024 for receiving: a peer sends a few dozen, and one that invents more must not eat our memory.
    /// </summary>
    public int MaxReceiveSources { get; init; } = 1024;

    /// <summary>
    /// The most SSRCs we send under one key. Default 16,384: they are ours, and a receiver in a lively
    /// conference meets thousands of consumers over a day, each with a retransmission stream.
    /// State is never freed before the key is: forgetting an SSRC would forget its roll-over counter.
    /// </summary>
    public int MaxSendSources { get; init; } = 16384;

    /// <summary>
    /// Whose ciphers protect media (SFU_SRTP_ENGINE). Default Auto: libipsec-mb takes a fifth of OpenSSL's time for a packet;
    /// OpenSSL is for comparing, and for doubting.
    /// </summary>
    public SrtpEngine Engine { get; init; }

    /// <summary>
    /// Allows a packet index to be protected twice, for retransmission without RTX. Default false: with AES-GCM
    /// two different packets under one nonce give away the authentication key (RFC 7714 §8.1, §10.1).
    /// Ignored, as if false, for the GCM profiles.
    /// </summary>
    public bool AllowRepeatedIndex { get; init; }
}
