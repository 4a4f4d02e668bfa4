namespace Crosspoint.Rtc.Peer;

/// <summary>What became of a datagram.</summary>
public enum PeerInput : byte
{
    /// <summary>Thrown away; <see cref="PeerStatistics"/> counts why.</summary>
    Dropped = 0,

    /// <summary>STUN or DTLS, dealt with inside; there may be something to transmit and events to take.</summary>
    Consumed = 1,

    /// <summary>The buffer now begins with an RTP packet in the clear.</summary>
    Rtp = 2,

    /// <summary>The buffer now begins with a compound RTCP packet in the clear.</summary>
    Rtcp = 3,
}

/// <summary>Why a peer threw a datagram away. Also a metric label.</summary>
public enum PeerDropReason : byte
{
    /// <summary>The first byte names no protocol of ours (RFC 7983).</summary>
    Unclassified = 0,

    /// <summary>STUN that ICE refused; the ICE statistics say why.</summary>
    StunRefused,

    /// <summary>DTLS from an address that ICE has not validated.</summary>
    DtlsFromUnvalidatedSource,

    /// <summary>DTLS before signalling told us the role, or after close.</summary>
    DtlsNotStarted,

    /// <summary>Media from an address that ICE has not validated.</summary>
    MediaFromUnvalidatedSource,

    /// <summary>Media before the keys exist.</summary>
    MediaBeforeKeys,

    /// <summary>Not an RTP packet (RFC 3550 §5.1).</summary>
    RtpMalformed,

    /// <summary>SRTP: the tag does not fit. The packet is forged or damaged.</summary>
    SrtpAuthenticationFailed,

    /// <summary>SRTP: seen before, or older than the replay window; a late retransmission or a probe repeated.</summary>
    SrtpReplayed,

    /// <summary>SRTP: too short, too many sources, or keys used up.</summary>
    SrtpRefused,

    /// <summary>How many reasons there are.</summary>
    Count,
}
