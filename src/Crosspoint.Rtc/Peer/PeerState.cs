namespace Crosspoint.Rtc.Peer;

/// <summary>
/// Where one peer connection stands.
/// <code>
/// New ──► Connecting ──► Connected ◄──► Disconnected
///              │  ▲          │               │
///              ▼  │ restart  ▼               ▼
///             Failed ◄───────┴───────────────┘        any ──► Closed
/// </code>
/// </summary>
public enum PeerState : byte
{
    /// <summary>Made, nothing sent yet.</summary>
    New = 0,

    /// <summary>ICE or DTLS is at work.</summary>
    Connecting = 1,

    /// <summary>Media may flow.</summary>
    Connected = 2,

    /// <summary>The other side has been silent for a while; it may come back by itself.</summary>
    Disconnected = 3,

    /// <summary>ICE or DTLS gave up; the reason says which. An ICE restart brings back what ICE lost; what DTLS ended is over.</summary>
    Failed = 4,

    /// <summary>Closed by us; keys are wiped.</summary>
    Closed = 5,
}

/// <summary>The legal moves of <see cref="PeerState"/>; a test walks this table.</summary>
public static class PeerStateTransitions
{
    /// <summary>True when a peer may go from one state to the other.</summary>
    public static bool IsLegal(PeerState from, PeerState to) => (from, to) switch
    {
        (PeerState.Closed, _) => false,
        (_, PeerState.Closed or PeerState.Failed) => true,
        (PeerState.New or PeerState.Connecting or PeerState.Disconnected or PeerState.Failed, PeerState.Connecting or PeerState.Connected) => true,
        (PeerState.Connected, PeerState.Disconnected or PeerState.Connecting) => true,
        (PeerState.Failed or PeerState.Connecting, PeerState.Disconnected) => true,
        _ => false,
    };
}

/// <summary>Why a peer is in <see cref="PeerState.Disconnected"/>, <see cref="PeerState.Failed"/> or <see cref="PeerState.Closed"/>. Also a metric label.</summary>
public enum PeerReason : byte
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>No consent check for a while (RFC 7675 §5.1).</summary>
    IceSilent,

    /// <summary>ICE found no working pair in time (RFC 8445 §7).</summary>
    IceChecksFailed,

    /// <summary>The other side stopped consenting (RFC 7675 §5.1).</summary>
    IceConsentExpired,

    /// <summary>The DTLS handshake did not finish in time.</summary>
    DtlsTimeout,

    /// <summary>The certificate is not the one that signalling promised (RFC 8122 §5).</summary>
    DtlsFingerprintMismatch,

    /// <summary>The DTLS handshake broke off, or no SRTP profile was agreed.</summary>
    DtlsFailed,

    /// <summary>The other side said close_notify.</summary>
    ClosedByPeer,

    /// <summary>We closed it.</summary>
    ClosedByUs,

    /// <summary>Its owner closed it because the peer did not come, or did not come back, in time.</summary>
    Abandoned,

    /// <summary>A bug of ours; this peer alone dies of it.</summary>
    InternalError,
}
