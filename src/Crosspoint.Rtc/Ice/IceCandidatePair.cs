using System.Diagnostics;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>A local and a remote candidate, and what is known about the path between them (RFC 8445 §6.1.2).</summary>
/// <remarks>Owned by its checklist, on the agent's thread.</remarks>
internal sealed class IceCandidatePair(IceCandidate local, IceCandidate remote)
{
    public IceCandidate Local { get; } = local;

    public IceCandidate Remote { get; set; } = remote;

    public IcePath Path { get; } = new(local.Base, remote.Address);

    public IceCandidatePairState State { get; private set; }

    public ulong Priority { get; set; }

    /// <summary>The peer proved on this path that it knows our password, or answered with its own.</summary>
    public bool IsValidated { get; private set; }

    /// <summary>The peer sent USE-CANDIDATE before our own check succeeded (RFC 8445 §7.3.1.5).</summary>
    public bool IsNominatedByPeer { get; set; }

    public Instant LastHeard { get; private set; }

    public Instant LastUseCandidate { get; set; }

    /// <summary>The check under way, if one is.</summary>
    public IceCheck? Check { get; set; }

    public bool IsPending => State is IceCandidatePairState.Frozen or IceCandidatePairState.Waiting or IceCandidatePairState.InProgress;

    /// <summary>Over TCP only the side that opened the connection, or has one already, can send (RFC 6544 §6.2).</summary>
    public bool CanSendChecks => Local.TcpType != IceTcpType.Passive || IsValidated;

    public bool HasFoundationOf(IceCandidatePair other) =>
        string.Equals(Local.Foundation, other.Local.Foundation, StringComparison.Ordinal) && string.Equals(Remote.Foundation, other.Remote.Foundation, StringComparison.Ordinal);

    public void MoveTo(IceCandidatePairState state)
    {
        if (state == State)
        {
            return;
        }

        Debug.Assert(IceCandidatePairTransitions.IsAllowed(State, state), $"{State} → {state}");
        State = state;
    }

    public void MarkValidated(Instant now)
    {
        IsValidated = true;
        LastHeard = now;
    }

    public void MarkClosed()
    {
        IsValidated = false;
        IsNominatedByPeer = false;
        Check = null;
        MoveTo(IceCandidatePairState.Failed);
    }
}
