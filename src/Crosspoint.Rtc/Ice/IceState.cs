namespace Crosspoint.Rtc.Ice;

/// <summary>The state of an agent.</summary>
public enum IceState : byte
{
    /// <summary>Nothing has happened yet.</summary>
    New = 0,

    /// <summary>Looking for a pair that works.</summary>
    Checking = 1,

    /// <summary>A pair is selected and consent is fresh.</summary>
    Connected = 2,

    /// <summary>Consent was not renewed for a while; media still flows, the peer may come back.</summary>
    Disconnected = 3,

    /// <summary>Given up, see <see cref="IceFailureReason"/>; only a restart leaves this state.</summary>
    Failed = 4,

    /// <summary>Closed by its owner; final.</summary>
    Closed = 5,
}

/// <summary>Why an agent is in <see cref="IceState.Failed"/>.</summary>
public enum IceFailureReason : byte
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>Time ran out without any pair to check.</summary>
    NoCandidatePairs = 1,

    /// <summary>Time ran out and no pair was nominated.</summary>
    ChecksTimedOut = 2,

    /// <summary>The selected pair's consent ran out (RFC 7675 §5.1).</summary>
    ConsentExpired = 3,

    /// <summary>The connection under the selected pair was closed and nothing replaced it in time.</summary>
    RemoteClosed = 4,
}

/// <summary>The role in nomination (RFC 8445 §6.1.1).</summary>
public enum IceRole : byte
{
    /// <summary>Nominates.</summary>
    Controlling = 0,

    /// <summary>Waits for a nomination.</summary>
    Controlled = 1,
}

/// <summary>How much of ICE an agent does (RFC 8445 §2.5).</summary>
public enum IceMode : byte
{
    /// <summary>Sends checks.</summary>
    Full = 0,

    /// <summary>Only answers them; for hosts whose addresses can be reached from anywhere.</summary>
    Lite = 1,
}
