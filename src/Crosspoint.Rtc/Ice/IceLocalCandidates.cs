using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>The candidates of our side, and which of them a datagram concerns.</summary>
/// <remarks>Owned by one agent; survives restarts, except for the peer-reflexive ones.</remarks>
internal sealed class IceLocalCandidates(IceAgentOptions options)
{
    private readonly List<IceCandidate> _candidates = [];
    private int _peerReflexive;

    public IReadOnlyList<IceCandidate> All => _candidates;

    public void Add(in IceCandidate candidate)
    {
        if (_candidates.Count - _peerReflexive >= options.MaxLocalCandidates)
        {
            throw new InvalidOperationException($"More than {options.MaxLocalCandidates} local candidates.");
        }

        _candidates.Add(candidate);
    }

    /// <summary>The peer saw us at an address we did not know (RFC 8445 §7.2.5.3.1). False when it is known, or there are too many.</summary>
    public bool TryAddPeerReflexive(in IceCandidate candidate)
    {
        foreach (IceCandidate known in _candidates)
        {
            if (known.Address == candidate.Address && known.Base == candidate.Base)
            {
                return false;
            }
        }

        if (_peerReflexive >= options.MaxPeerReflexiveCandidates)
        {
            return false;
        }

        _peerReflexive++;
        _candidates.Add(candidate);
        return true;
    }

    public void Remove(TransportAddress baseAddress)
    {
        _candidates.RemoveAll(c => c.Base == baseAddress);
        _peerReflexive = _candidates.Count(c => c.Type == IceCandidateType.PeerReflexive);
    }

    public void ForgetPeerReflexive()
    {
        _candidates.RemoveAll(c => c.Type == IceCandidateType.PeerReflexive);
        _peerReflexive = 0;
    }

    /// <summary>
    /// The candidate whose base a datagram arrived on. One base may stand for an IPv4 and an IPv6 candidate (a dual-stack socket): the peer's family decides.
    /// The base of a socket on every interface stands for each address of the host. A lite agent's pair begins at the address the check was sent to,
    /// because everything has to come from there (RFC 8445 §7.2.5.2.1); a full agent began its pairs before it could know.
    /// Over TCP the local port of a connection need not be that of the candidate, so any TCP candidate of the family will do.
    /// </summary>
    public bool TryFind(TransportAddress local, TransportAddress remote, out IceCandidate found)
    {
        int best = 0;
        found = default;
        foreach (IceCandidate candidate in _candidates)
        {
            int rank = Rank(candidate, local, remote);
            if (rank > best)
            {
                best = rank;
                found = candidate;
            }
        }

        if (best > 0 && options.Mode == IceMode.Lite && IsOneOf(found.Base, local))
        {
            found = found with { Base = local };
        }

        return best > 0;
    }

    private static int Rank(in IceCandidate candidate, TransportAddress local, TransportAddress remote)
    {
        if (candidate.Type == IceCandidateType.PeerReflexive || candidate.Address.Protocol != remote.Protocol)
        {
            return 0;
        }

        bool sameFamily = candidate.Address.IsIPv4 == remote.IsIPv4;
        bool sameBase = candidate.Base == local || IsOneOf(candidate.Base, local);
        return sameBase ? (candidate.Address == local ? 4 : sameFamily ? 3 : 2) : remote.Protocol == TransportProtocol.Tcp && sameFamily ? 1 : 0;
    }

    private static bool IsOneOf(TransportAddress everywhere, TransportAddress local) =>
        everywhere.IsUnspecified && local.Port == everywhere.Port && local.Protocol == everywhere.Protocol;
}
