namespace Crosspoint.Rtc.Congestion;

/// <summary>What became of arrivals at a <see cref="TransportFeedbackGenerator"/>; counts only grow.</summary>
public struct TransportFeedbackGeneratorCounters
{
    /// <summary>Feedback packets written.</summary>
    public long Written;

    /// <summary>Arrivals of a number already noted.</summary>
    public long Duplicates;

    /// <summary>Arrivals too far behind to be reported.</summary>
    public long TooOld;

    /// <summary>Numbers so far away that the sender must have begun anew.</summary>
    public long Restarts;
}
