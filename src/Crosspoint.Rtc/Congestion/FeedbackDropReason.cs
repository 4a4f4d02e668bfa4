namespace Crosspoint.Rtc.Congestion;

/// <summary>Why a status in transport-wide feedback was ignored; a metric label.</summary>
public enum FeedbackDropReason : byte
{
    /// <summary>It was used.</summary>
    None,

    /// <summary>A number that was never sent.</summary>
    NeverSent,

    /// <summary>A packet that was sent so long ago, or so many packets ago, that it is no longer remembered.</summary>
    TooOld,

    /// <summary>Said before. Ordinary after reordering: receivers report the range again.</summary>
    Repeated,

    /// <summary>An arrival time that is nowhere near the others of the reporter's clock.</summary>
    Clock,
}
