using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>Beginnings and ends: checking begins, a restart replaces a generation (RFC 8445 §9), paths close, patience runs out (RFC 8863).</summary>
/// <remarks>A part of one <see cref="IceAgent"/>.</remarks>
internal sealed class IceLifecycle(IceAgentState state, IceNomination nomination)
{
    public void BeginChecking(Instant now)
    {
        if (state.Current.Selected is null)
        {
            state.Deadline = (now + state.Options.ConnectTimeout, state.Deadline.Reason);
        }

        if (state.State is IceState.New or IceState.Failed || (state.State == IceState.Disconnected && state.Serving.Selected is null))
        {
            state.MoveTo(IceState.Checking);
        }
    }

    public void Restart(Instant now, IceCredentials newLocal)
    {
        state.Replace(newLocal, keepServing: state.Current.Selected is not null && state.State != IceState.Failed);
        state.Locals.ForgetPeerReflexive();
        state.DrawTieBreaker();
        state.Deadline = (Instant.Never, IceFailureReason.None);
        state.Tell(new(IceEventKind.Restarted));
        if (state.State is IceState.Failed or IceState.Checking || (state.State == IceState.Disconnected && state.Previous is null))
        {
            BeginChecking(now);
        }
        else if (state.State != IceState.New)
        {
            state.Deadline = (now + state.Options.ConnectTimeout, IceFailureReason.None);
        }
    }

    public void WatchDeadline(Instant now)
    {
        if (now < state.Deadline.At || state.IsOver || state.Serving.Selected is not null)
        {
            return; // a restart that does not succeed ends with the old pair's consent, not before
        }

        state.Fail(state.Deadline.Reason != IceFailureReason.None ? state.Deadline.Reason
            : state.Current.Checklist.Pairs.Count == 0 ? IceFailureReason.NoCandidatePairs
            : IceFailureReason.ChecksTimedOut);
    }

    /// <summary>An address of ours, or a TCP connection, is gone with the pairs that used it.</summary>
    public void ClosePaths(Instant now, Predicate<IcePath> matches)
    {
        foreach (IceCandidatePair pair in state.Current.Checklist.Pairs)
        {
            if (matches(pair.Path))
            {
                state.Checks.RemoveAll(pair);
                pair.MarkClosed();
            }
        }

        if (state.Previous?.Selected is { } old && matches(old.Path))
        {
            state.DropPrevious();
        }

        if (state.Current.Selected is { } selected && matches(selected.Path))
        {
            ReplaceSelected(now);
        }

        state.AnnouncePath();
        if (state.State == IceState.Connected && state.Serving.Selected is null)
        {
            state.MoveTo(IceState.Disconnected);
        }
    }

    private void ReplaceSelected(Instant now)
    {
        state.Current.Selected = null;
        state.Deadline = (now + state.Options.ConsentTimeout, IceFailureReason.RemoteClosed);
        IceCandidatePair? next = null;
        foreach (IceCandidatePair pair in state.Current.Checklist.Pairs)
        {
            bool usable = pair.State == IceCandidatePairState.Succeeded && pair.LastUseCandidate != default;
            next = usable && (next is null || pair.LastUseCandidate > next.LastUseCandidate) ? pair : next;
        }

        if (next is not null && !state.IsFull)
        {
            nomination.Select(now, state.Current, next);
        }
    }
}
