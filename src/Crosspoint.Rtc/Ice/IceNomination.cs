using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>Decides which pair is used: nominates when we control, follows the peer when it does (RFC 8445 §8).</summary>
/// <remarks>A part of one <see cref="IceAgent"/>.</remarks>
internal sealed class IceNomination(IceAgentState state, IceChecker checker)
{
    /// <summary>When the best pair so far is to be nominated.</summary>
    public Instant NextTimeout => Candidate() is { } best ? TimeFor(best) : Instant.Never;

    /// <summary>Nominates when it is time.</summary>
    public void Advance(Instant now)
    {
        IceCandidatePair? best = Candidate();
        if (best is null || now < TimeFor(best))
        {
            return;
        }

        // One check per nomination, so it does not wait for its turn in the pacing.
        checker.StartCheck(now, best, useCandidate: true);
    }

    /// <summary>
    /// A controlled full agent follows its peer. One that nominates aggressively (every check carries the flag, RFC 5245) gets the highest pair;
    /// a lower one is taken only when the selected pair has not been confirmed for longer than checks are apart.
    /// </summary>
    public void Accept(Instant now, IceGeneration generation, IceCandidatePair pair)
    {
        IceCandidatePair? selected = generation.Selected;
        bool follow = selected is null || selected == pair || pair.Priority > selected.Priority || state.State == IceState.Disconnected
            || now - selected.LastUseCandidate > state.Options.ConsentInterval / 2;
        if (follow)
        {
            Select(now, generation, pair);
        }
    }

    /// <summary>From now on this pair is used; a pair of the generation before is not.</summary>
    public void Select(Instant now, IceGeneration generation, IceCandidatePair pair)
    {
        if (generation == state.Previous && state.Current.Selected is not null)
        {
            return;
        }

        bool changed = generation.Selected != pair;
        generation.Selected = pair;
        if (changed)
        {
            generation.Consent.Renew(now);
            if (state.IsFull)
            {
                generation.Consent.ScheduleNext(now, state.Random);
            }
        }

        if (generation == state.Current)
        {
            state.DropPrevious();
            state.Deadline = (Instant.Never, IceFailureReason.None);
        }

        state.AnnouncePath();
        state.MoveTo(IceState.Connected);
    }

    private IceCandidatePair? Candidate()
    {
        bool wanted = state.IsFull && state.Role == IceRole.Controlling && !state.IsOver
            && (state.Current.Selected is null || state.State == IceState.Disconnected)
            && !state.Checks.HasNomination(state.Current);
        return wanted ? state.Current.Checklist.BestSucceeded() : null;
    }

    private Instant TimeFor(IceCandidatePair best)
    {
        // Nothing better can come when nothing better is pending, and either the peer has told everything or both ends are hosts.
        bool direct = best.Local.Type == IceCandidateType.Host && best.Remote.Type is IceCandidateType.Host or IceCandidateType.PeerReflexive;
        bool settled = !state.Current.Checklist.HasPendingAbove(best.Priority) && (direct || state.Current.RemoteCandidatesEnded);
        return settled ? Instant.Zero : state.Current.FirstValidAt + state.Options.NominationDelay;
    }
}
