namespace Crosspoint.Rtc.Ice;

/// <summary>The state of a candidate pair (RFC 8445 §6.1.2.6).</summary>
public enum IceCandidatePairState : byte
{
    /// <summary>Waits for a pair of the same foundation to show whether it is worth a check.</summary>
    Frozen = 0,

    /// <summary>Will be checked.</summary>
    Waiting = 1,

    /// <summary>A check is under way.</summary>
    InProgress = 2,

    /// <summary>A check succeeded, or on a lite agent arrived.</summary>
    Succeeded = 3,

    /// <summary>A check failed.</summary>
    Failed = 4,
}

/// <summary>Which pair state may follow which.</summary>
public static class IceCandidatePairTransitions
{
    /// <summary>True when <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool IsAllowed(IceCandidatePairState from, IceCandidatePairState to) => (from, to) switch
    {
        // Lite: an authenticated check proves a pair at once.
        (IceCandidatePairState.Frozen, IceCandidatePairState.Waiting or IceCandidatePairState.Failed or IceCandidatePairState.Succeeded) => true,
        // Succeeded from anywhere: the response to a check that was since cancelled (RFC 8445 §7.3.1.4).
        (IceCandidatePairState.Waiting, IceCandidatePairState.InProgress or IceCandidatePairState.Failed or IceCandidatePairState.Succeeded) => true,
        (IceCandidatePairState.InProgress, IceCandidatePairState.Succeeded or IceCandidatePairState.Failed or IceCandidatePairState.Waiting) => true,
        // Checked again to be nominated, or because consent was lost.
        (IceCandidatePairState.Succeeded, IceCandidatePairState.Waiting or IceCandidatePairState.Failed) => true,
        (IceCandidatePairState.Failed, IceCandidatePairState.Waiting or IceCandidatePairState.Succeeded) => true,
        _ => false,
    };
}
