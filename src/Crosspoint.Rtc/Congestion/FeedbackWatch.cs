using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Notices that feedback stays away although packets are sent, which is what a link that has stopped looks like, and halves
/// the target again and again until it comes back.
/// </summary>
/// <remarks>What is long depends on the receiver: a busy machine reports twice a second, and one report less is no outage.</remarks>
internal struct FeedbackWatch(TimeSpan patience)
{
    private const double LeastShare = 1.0 / 16;

    private const double MissedReports = 2.5; // the patience, in intervals between reports
    private const double Forget = 1.0 / 8;    // of the longest interval, with each shorter one

    // An outage is no habit.
    private static readonly TimeSpan LongestHabit = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = patience;
    private Instant _waitsSince;
    private TimeSpan _habit; // the longest interval lately

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
            _waitsSince = now;
        }
    }

    /// <summary>Feedback came; the rate returns in steps, so that what is wrong shows before it is all back.</summary>
    public void HandleFeedback(Instant now, TimeSpan roundTrip)
    {
        Share = Math.Min(1, Share * 2);
        NoteInterval(now);
        _interval = Patience + (3 * roundTrip);
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
        NextTimeout = now + Patience + roundTrip;
        return true;
    }

    private readonly TimeSpan Patience => _habit * MissedReports > _patience ? _habit * MissedReports : _patience;

    private void NoteInterval(Instant now)
    {
        if (NextTimeout.IsNever)
        {
            return; // nothing was waited for
        }

        TimeSpan interval = now - _waitsSince < LongestHabit ? now - _waitsSince : LongestHabit;
        _habit = interval > _habit ? interval : _habit + ((interval - _habit) * Forget);
    }
}
