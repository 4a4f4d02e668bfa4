using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>Schedules connectivity checks: which pair next, at what pace, and what their end means for the pair (RFC 8445 §6.1.4, §14).</summary>
/// <remarks>A part of one <see cref="IceAgent"/>; a lite one starts no checks.</remarks>
internal sealed class IceChecker(IceAgentState state)
{
    private Instant _nextPacing;

    /// <summary>When a check is due to be begun, sent again or given up.</summary>
    public Instant NextTimeout
    {
        get
        {
            Instant next = state.Checks.NextTimeout;
            bool waits = state.Current.Remote is not null && state.Current.Checklist.HasNext(WantsOrdinaryChecks);
            return waits ? Instant.Min(next, _nextPacing) : next;
        }
    }

    // After nomination only triggered checks are sent (RFC 8445 §8.1.2), until silence makes every other path interesting again.
    private bool WantsOrdinaryChecks => state.Current.Selected is null || state.State == IceState.Disconnected;

    /// <summary>Begins what the pace allows.</summary>
    public void StartChecks(Instant now)
    {
        while (state.Current.Remote is not null && now >= _nextPacing && state.Current.Checklist.Next(WantsOrdinaryChecks) is { } pair)
        {
            StartCheck(now, pair, useCandidate: false);
        }
    }

    public void StartCheck(Instant now, IceCandidatePair pair, bool useCandidate)
    {
        if (pair.State != IceCandidatePairState.Succeeded)
        {
            pair.MoveTo(pair.State == IceCandidatePairState.InProgress ? pair.State : IceCandidatePairState.Waiting);
            pair.MoveTo(IceCandidatePairState.InProgress);
        }

        _nextPacing = now + state.Options.Pacing;
        state.Statistics.ChecksSent++;
        pair.Check = Start(now, state.Current, pair, useCandidate, isConsent: false);
    }

    public void StartConsentCheck(Instant now, IceGeneration generation, IceCandidatePair pair)
    {
        state.Statistics.ConsentChecksSent++;
        // A controlling agent repeats USE-CANDIDATE: when a NAT gave us a new address, the peer learns at once which pair is in use.
        Start(now, generation, pair, state.Role == IceRole.Controlling, isConsent: true);
    }

    /// <summary>The peer checked this pair, so we do, before others (RFC 8445 §7.3.1.4).</summary>
    public void Trigger(IceCandidatePair pair)
    {
        // A check under way is cancelled and begun anew: what kept it from arriving may just have been opened from the other side.
        if (pair.Check is { } running)
        {
            running.IsCancelled = true;
        }

        pair.Check = null;
        pair.MoveTo(IceCandidatePairState.Waiting);
        state.Current.Checklist.Trigger(pair);
    }

    /// <summary>Sends again or gives up what has waited long enough.</summary>
    public void ExpireChecks(Instant now)
    {
        while (state.Checks.NextTimeout <= now && state.Checks.TryExpire(now, out IceCheck? expired))
        {
            End(expired!);
            Fail(expired!);
        }
    }

    public void End(IceCheck check)
    {
        state.Checks.Remove(check);
        if (check.Pair.Check == check)
        {
            check.Pair.Check = null;
        }
    }

    /// <summary>An ended check found no way; the selected pair fails by consent alone.</summary>
    public static void Fail(IceCheck check)
    {
        if (!check.IsConsent && !check.IsCancelled && check.Pair != check.Generation.Selected)
        {
            check.Pair.MoveTo(IceCandidatePairState.Failed);
        }
    }

    /// <summary>The selected pair went silent: everything is worth a check again.</summary>
    public void Revive()
    {
        if (state.IsFull && state.Current.Selected is not null)
        {
            state.Current.Checklist.Revive();
            state.Current.FirstValidAt = Instant.Never;
        }
    }

    private IceCheck Start(Instant now, IceGeneration generation, IceCandidatePair pair, bool useCandidate, bool isConsent)
    {
        var check = new IceCheck
        {
            Id = StunTransactionId.Create(state.Random),
            Generation = generation,
            Pair = pair,
            Role = state.Role,
            TieBreaker = state.TieBreaker,
            UseCandidate = useCandidate,
            IsConsent = isConsent,
            SentAt = now,
        };

        // RFC 8445 §14.3 — with many checks outstanding each waits longer, so that retransmissions keep the pace too.
        TimeSpan paced = state.Options.Pacing * generation.Checklist.PendingCount;
        state.Checks.Start(now, check, paced > state.Options.RetransmissionTimeout ? paced : state.Options.RetransmissionTimeout);
        return check;
    }
}
