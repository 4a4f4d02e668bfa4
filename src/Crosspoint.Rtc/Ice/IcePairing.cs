using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>Turns candidates into pairs: those of signalling (RFC 8445 §6.1.2, RFC 8838) and those that checks reveal (§7.2.5.3.1, §7.3.1.3).</summary>
/// <remarks>A part of one <see cref="IceAgent"/>. Everything it adds is bounded by the options.</remarks>
internal sealed class IcePairing(IceAgentState state)
{
    public void AddLocal(in IceCandidate candidate)
    {
        state.Locals.Add(candidate);
        foreach (IceCandidate remote in state.Current.RemoteCandidates)
        {
            Pair(candidate, remote);
        }
    }

    public bool TryAddRemote(in IceCandidate candidate)
    {
        // RFC 6544 §6.2 — nobody can connect to an active candidate; it will connect to us.
        bool usable = candidate.Address.Ip != UInt128.Zero && candidate.TcpType != IceTcpType.Active;
        if (state.IsOver || !usable || IsKnownRemote(candidate.Address))
        {
            return false;
        }

        if (state.Current.RemoteCandidates.Count >= state.Options.MaxRemoteCandidates)
        {
            state.Statistics.CountDrop(IceDropReason.TooManyCandidates);
            return false;
        }

        state.Current.RemoteCandidates.Add(candidate);
        foreach (IceCandidate local in state.Locals.All)
        {
            Pair(local, candidate);
        }

        return true;
    }

    /// <summary>The pair a check came on, learned if signalling did not bring it; null when there is no room for it.</summary>
    public IceCandidatePair? FindOrLearn(IceGeneration generation, in IceCandidate local, TransportAddress remote, in StunMessage request)
    {
        if (generation.Checklist.Find(new(local.Base, remote)) is { } known)
        {
            return known;
        }

        // RFC 8445 §7.3.1.3 — an address that signalling did not bring: a peer-reflexive candidate with the priority the check claims.
        request.TryGetUInt32(StunAttributeType.Priority, out uint priority);
        MakeRoomForPeerReflexive(generation);
        bool tcp = remote.Protocol == TransportProtocol.Tcp;
        var candidate = new IceCandidate
        {
            Address = remote,
            Type = IceCandidateType.PeerReflexive,
            TcpType = tcp ? (local.TcpType == IceTcpType.Passive ? IceTcpType.Active : IceTcpType.Passive) : IceTcpType.None,
            Component = local.Component,
            Priority = priority,
            Foundation = "prflx",
        };
        var pair = new IceCandidatePair(local, candidate);
        return generation.Checklist.TryAdd(pair, state.Role) ? pair : null;
    }

    /// <summary>RFC 8445 §7.2.5.3.1. The new candidate shares its base with the one the check left from, so no new pair is needed to send from there.</summary>
    public void LearnLocal(IceCandidatePair pair, TransportAddress mapped)
    {
        var candidate = new IceCandidate
        {
            Address = mapped,
            Base = pair.Local.Base,
            Type = IceCandidateType.PeerReflexive,
            TcpType = pair.Local.TcpType,
            Component = pair.Local.Component,
            Priority = IcePriority.AsPeerReflexive(pair.Local.Priority),
            Foundation = IceFoundation.Of(IceCandidateType.PeerReflexive, pair.Local.Base, pair.Local.TcpType),
            RelatedAddress = pair.Local.Base,
        };
        if (mapped != pair.Local.Address && state.Locals.TryAddPeerReflexive(candidate))
        {
            state.Tell(new(IceEventKind.LocalCandidatePrflx, Candidate: candidate));
        }
    }

    /// <summary>The base a path begins at, whatever address the socket said.</summary>
    public IcePath Canonical(TransportAddress local, TransportAddress remote) =>
        new(state.Locals.TryFind(local, remote, out IceCandidate candidate) ? candidate.Base : local, remote);

    private void Pair(in IceCandidate local, in IceCandidate remote)
    {
        // RFC 8445 §6.1.2.2 — same component and family; a reflexive local one would be replaced by its base, which is paired already (§6.1.2.4).
        bool sensible = local.Component == remote.Component && local.Address.Protocol == remote.Address.Protocol
            && local.Address.IsIPv4 == remote.Address.IsIPv4 && local.Type is IceCandidateType.Host or IceCandidateType.Relayed
            && AreOpposite(local.TcpType, remote.TcpType);
        if (!state.IsFull || !sensible)
        {
            return;
        }

        if (state.Current.Checklist.Find(new(local.Base, remote.Address)) is { } known)
        {
            AdoptSignalled(known, remote);
        }
        else if (!state.Current.Checklist.TryAdd(new(local, remote), state.Role))
        {
            state.Statistics.CountDrop(IceDropReason.TooManyCandidates);
        }
    }

    // A check outran its candidate: now the peer-reflexive one gets its real type and priority (RFC 8838 §11.3).
    private void AdoptSignalled(IceCandidatePair pair, in IceCandidate remote)
    {
        if (pair.Remote.Type == IceCandidateType.PeerReflexive)
        {
            pair.Remote = remote;
            state.Current.Checklist.Reprioritize(state.Role);
        }
    }

    private void MakeRoomForPeerReflexive(IceGeneration generation)
    {
        int count = 0;
        IceCandidatePair? oldest = null;
        foreach (IceCandidatePair pair in generation.Checklist.Pairs)
        {
            if (pair.Remote.Type == IceCandidateType.PeerReflexive)
            {
                count++;
                oldest = pair != generation.Selected && (oldest is null || pair.LastHeard < oldest.LastHeard) ? pair : oldest;
            }
        }

        if (count >= state.Options.MaxPeerReflexiveCandidates && oldest is not null)
        {
            state.Checks.RemoveAll(oldest);
            oldest.MarkClosed();
            generation.Checklist.Remove(oldest);
        }
    }

    private bool IsKnownRemote(TransportAddress address)
    {
        foreach (IceCandidate known in state.Current.RemoteCandidates)
        {
            if (known.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    // RFC 6544 §6.2, figure 2: a passive local candidate waits to be connected to.
    private static bool AreOpposite(IceTcpType local, IceTcpType remote) => (local, remote) switch
    {
        (IceTcpType.None, IceTcpType.None) => true,
        (IceTcpType.Active, IceTcpType.Passive) => true,
        (IceTcpType.SimultaneousOpen, IceTcpType.SimultaneousOpen) => true,
        _ => false,
    };
}
