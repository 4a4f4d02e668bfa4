using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>What an event tells.</summary>
public enum IceEventKind : byte
{
    /// <summary><see cref="IceEvent.State"/>, and <see cref="IceEvent.FailureReason"/> when it is Failed.</summary>
    StateChanged = 0,

    /// <summary><see cref="IceEvent.Selected"/> replaced <see cref="IceEvent.Previous"/>; either may be none.</summary>
    SelectedPairChanged = 1,

    /// <summary>The peer sees us at <see cref="IceEvent.Candidate"/>, which we did not know.</summary>
    LocalCandidatePrflx = 2,

    /// <summary>A role conflict was resolved; <see cref="IceEvent.Role"/> is the role now.</summary>
    RoleChanged = 3,

    /// <summary>A restart began: new credentials are in force, the old pair serves until a new one is nominated.</summary>
    Restarted = 4,
}

/// <summary>The addresses of a pair: where datagrams leave from, and where they go.</summary>
public readonly record struct IcePath(TransportAddress Local, TransportAddress Remote)
{
    /// <summary>No pair.</summary>
    public static readonly IcePath None;

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => Remote.IsNone;

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : $"{Local} → {Remote}";
}

/// <summary>Something the owner of an agent should know. Fields that do not belong to the kind are default.</summary>
public readonly record struct IceEvent(
    IceEventKind Kind,
    IceState State = default,
    IceFailureReason FailureReason = default,
    IcePath Previous = default,
    IcePath Selected = default,
    IceCandidate Candidate = default,
    IceRole Role = default);
