namespace Crosspoint.Rtc.Dtls;

/// <summary>The life of a <see cref="DtlsSession"/>; W3C's RTCDtlsTransportState with the wait for the fingerprint told apart.</summary>
public enum DtlsState
{
    /// <summary>Made, not started.</summary>
    New,

    /// <summary>The handshake runs.</summary>
    Connecting,

    /// <summary>The handshake is complete, but no fingerprint has come by signalling yet; no keys are given out.</summary>
    Verifying,

    /// <summary>Complete, and the peer's certificate is the one that signalling named.</summary>
    Connected,

    /// <summary>Ended by one side's close_notify or by us. Final.</summary>
    Closed,

    /// <summary>Ended by an error, see <see cref="DtlsCloseReason"/>. Final.</summary>
    Failed,
}

/// <summary>The transition table of <see cref="DtlsState"/>.</summary>
internal static class DtlsStateTransitions
{
    public static bool IsAllowed(DtlsState from, DtlsState to) => (from, to) switch
    {
        (DtlsState.New, DtlsState.Connecting or DtlsState.Closed) => true,
        (DtlsState.Connecting, DtlsState.Verifying or DtlsState.Connected or DtlsState.Failed or DtlsState.Closed) => true,
        (DtlsState.Verifying, DtlsState.Connected or DtlsState.Failed or DtlsState.Closed) => true,
        (DtlsState.Connected, DtlsState.Failed or DtlsState.Closed) => true,
        _ => false,
    };

    public static bool IsFinal(DtlsState state) => state is DtlsState.Closed or DtlsState.Failed;
}
