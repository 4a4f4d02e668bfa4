namespace Crosspoint.Rtc.Congestion;

/// <summary>What became of the statuses in feedback; counts only grow.</summary>
public struct FeedbackCounters
{
    /// <summary>Feedback packets taken.</summary>
    public long Feedbacks;

    /// <summary>Feedback packets that never came, by the gaps in their numbers.</summary>
    public long FeedbacksLost;

    /// <summary>Packets reported received.</summary>
    public long Received;

    /// <summary>Packets reported missing, and not reported received later.</summary>
    public long Lost;

    /// <summary>Statuses ignored as <see cref="FeedbackDropReason.NeverSent"/>.</summary>
    public long NeverSent;

    /// <summary>Statuses ignored as <see cref="FeedbackDropReason.TooOld"/>.</summary>
    public long TooOld;

    /// <summary>Statuses ignored as <see cref="FeedbackDropReason.Repeated"/>.</summary>
    public long Repeated;

    /// <summary>Statuses ignored as <see cref="FeedbackDropReason.Clock"/>.</summary>
    public long Clock;

    internal void Count(FeedbackDropReason reason)
    {
        switch (reason)
        {
            case FeedbackDropReason.NeverSent:
                NeverSent++;
                break;
            case FeedbackDropReason.TooOld:
                TooOld++;
                break;
            case FeedbackDropReason.Repeated:
                Repeated++;
                break;
            case FeedbackDropReason.Clock:
                Clock++;
                break;
        }
    }
}
