using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>Keeps the peer's consent fresh and notices when it is not (RFC 7675 §5.1): silence, then the end of the pair.</summary>
/// <remarks>A part of one <see cref="IceAgent"/>; a lite one listens and asks nothing.</remarks>
internal sealed class IceConsentKeeper(IceAgentState state, IceChecker checker)
{
    /// <summary>When silence, the end of consent or our next question is due; <see cref="Instant.Never"/> without a selected pair.</summary>
    public Instant NextTimeout
    {
        get
        {
            IceGeneration serving = state.Serving;
            if (serving.Selected is null)
            {
                return Instant.Never;
            }

            Instant next = state.State == IceState.Connected ? serving.Consent.DisconnectedAt : serving.Consent.ExpiresAt;
            return state.IsFull ? Instant.Min(next, serving.Consent.NextCheckAt) : next;
        }
    }

    /// <summary>The peer answered, or checked us.</summary>
    public void Renew(Instant now, IceGeneration generation)
    {
        generation.Consent.Renew(now);
        state.Statistics.ConsentRenewals++;
        if (state.State == IceState.Disconnected && generation == state.Serving)
        {
            state.MoveTo(IceState.Connected);
        }
    }

    public void Watch(Instant now)
    {
        IceGeneration serving = state.Serving;
        if (serving.Selected is null)
        {
            return;
        }

        if (now >= serving.Consent.ExpiresAt)
        {
            Expire(now, serving);
        }
        else if (state.State == IceState.Connected && now >= serving.Consent.DisconnectedAt)
        {
            state.MoveTo(IceState.Disconnected);
            checker.Revive();
        }
    }

    public void SendCheck(Instant now)
    {
        IceGeneration serving = state.Serving;
        if (serving.Selected is not { } pair || serving.Remote is null || now < serving.Consent.NextCheckAt)
        {
            return;
        }

        serving.Consent.ScheduleNext(now, state.Random);
        checker.StartConsentCheck(now, serving, pair);
    }

    private void Expire(Instant now, IceGeneration serving)
    {
        if (serving == state.Previous && now < state.Deadline.At)
        {
            // The restart may still succeed; until then there is nowhere to send.
            state.DropPrevious();
            state.AnnouncePath();
            state.MoveTo(IceState.Checking);
            return;
        }

        state.Fail(IceFailureReason.ConsentExpired);
    }
}
