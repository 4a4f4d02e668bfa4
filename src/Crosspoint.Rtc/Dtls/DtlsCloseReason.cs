namespace Crosspoint.Rtc.Dtls;

/// <summary>Why a session ended; a metric label.</summary>
public enum DtlsCloseReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary><see cref="DtlsSession.Close"/> or Dispose.</summary>
    LocalClosed,

    /// <summary>The peer sent close_notify.</summary>
    RemoteClosed,

    /// <summary>The peer sent a fatal alert.</summary>
    RemoteAlert,

    /// <summary>The handshake, or the wait for the fingerprint, took longer than the options allow.</summary>
    HandshakeTimeout,

    /// <summary>The peer broke the protocol, or we have no version, cipher or curve in common.</summary>
    HandshakeFailed,

    /// <summary>The peer's certificate is not the one that signalling named (RFC 8122 §6.2).</summary>
    FingerprintMismatch,

    /// <summary>Signalling named no fingerprint with a hash we accept (SHA-256, SHA-384, SHA-512).</summary>
    FingerprintUnsupported,

    /// <summary>The peer agreed to none of our SRTP profiles (RFC 5764 §4.1).</summary>
    NoSrtpProfile,

    /// <summary>The peer did not agree to extended_master_secret (RFC 7627).</summary>
    NoExtendedMasterSecret,

    /// <summary>A broken invariant on our side.</summary>
    InternalError,
}
