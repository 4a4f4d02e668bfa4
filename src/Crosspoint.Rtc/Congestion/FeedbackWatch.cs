using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Notices that feedback stays away although packets are sent, which is what a link that has stopped looks like, and halves
/// the target again and again until it comes back.
/// </summary>
internal struct FeedbackWatch(TimeSpan patience)
{
    private const double LeastShare = 1.0 / 16;

    private readonly TimeSpan _patience = patience;

    // Before the first feedback nothing is known of its habits, and whether there will be any.
    private TimeSpan _interval;

    /// <summary>The share of the target that may be sent.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>When feedback will have stayed away too long; never while nothing waits for it.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>A packet was sent.</summary>
    public void HandleSent(Instant now)
    {
        if (NextTimeout.IsNever && _interval > TimeSpan.Zero)
        {
            NextTimeout = now + _interval;
        }
    }

    /// <summary>Feedback came; the rate returns in steps, so that what is wrong shows before it is all back.</summary>
    public void HandleFeedback(TimeSpan roundTrip)
    {
        Share = Math.Min(1, Share * 2);
        _interval = _patience + (3 * roundTrip);
        NextTimeout = Instant.Never;
    }

    /// <summary>True when the share has changed.</summary>
    public bool HandleTimeout(Instant now, TimeSpan roundTrip)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        Share = Math.Max(LeastShare, Share / 2);
        NextTimeout = now + _patience + roundTrip;
        return true;
    }
}
