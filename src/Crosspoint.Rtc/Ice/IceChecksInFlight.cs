using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>The transactions under way: retransmission, giving up, and what is to be sent next (RFC 8489 §6.2.1).</summary>
/// <remarks>Owned by one agent. At most a few per pair; a list is searched faster than anything cleverer at that size.</remarks>
internal sealed class IceChecksInFlight(int maxTransmissions)
{
    // RFC 8489 §6.2.1: after the last transmission a client waits Rm = 16 times the first timeout.
    private const int LastWaitFactor = 16;

    // RFC 8489 §6.2.1 doubles without end; then two losses in a row cost a caller four seconds and three cost eight.
    // Four times the first wait keeps trying as often as a lossy path needs and still backs off.
    private const int MaxWaitFactor = 4;

    private readonly List<IceCheck> _checks = [];
    private readonly Queue<IceCheck> _toSend = new();

    public int Count => _checks.Count;

    public Instant NextTimeout { get; private set; } = Instant.Never;

    public bool HasNomination(IceGeneration generation) => _checks.Exists(c => c.UseCandidate && !c.IsConsent && !c.IsCancelled && c.Generation == generation);

    public void Start(Instant now, IceCheck check, TimeSpan timeout)
    {
        check.RetransmissionTimeout = timeout;
        // A consent check is never repeated; an answer that takes longer than the lifetime of a whole transaction is no use to anybody.
        check.NextAt = now + (check.IsConsent ? timeout * LastWaitFactor : timeout);
        _checks.Add(check);
        _toSend.Enqueue(check);
        NextTimeout = Instant.Min(NextTimeout, check.NextAt);
    }

    public IceCheck? Find(StunTransactionId id)
    {
        foreach (IceCheck check in _checks)
        {
            if (check.Id == id)
            {
                return check;
            }
        }

        return null;
    }

    public void Remove(IceCheck check) => _checks.Remove(check);

    public void RemoveAll(IceGeneration generation) => _checks.RemoveAll(c => c.Generation == generation);

    public void RemoveAll(IceCandidatePair pair) => _checks.RemoveAll(c => c.Pair == pair);

    public void Clear()
    {
        _checks.Clear();
        _toSend.Clear();
        NextTimeout = Instant.Never;
    }

    /// <summary>Takes the next check to put on the wire.</summary>
    public bool TryDequeue(out IceCheck? check)
    {
        // A check that ended while it waited to be sent is not sent.
        while (_toSend.TryDequeue(out check))
        {
            if (_checks.Contains(check))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Retransmits what is due and hands over one check that has run out; call until it answers false.</summary>
    public bool TryExpire(Instant now, out IceCheck? expired)
    {
        expired = null;
        NextTimeout = Instant.Never;
        for (int i = _checks.Count - 1; i >= 0 && expired is null; i--)
        {
            IceCheck check = _checks[i];
            if (check.NextAt <= now && !TryRetransmit(now, check))
            {
                _checks.RemoveAt(i);
                expired = check;
                continue;
            }

            NextTimeout = Instant.Min(NextTimeout, check.NextAt);
        }

        return expired is not null;
    }

    private bool TryRetransmit(Instant now, IceCheck check)
    {
        if (check.IsConsent || check.IsCancelled || check.Transmissions >= maxTransmissions)
        {
            return false;
        }

        check.Transmissions++;
        bool last = check.Transmissions == maxTransmissions;
        check.NextAt = now + (check.RetransmissionTimeout * (last ? LastWaitFactor : Math.Min(1 << (check.Transmissions - 1), MaxWaitFactor)));
        _toSend.Enqueue(check);
        return true;
    }
}
