namespace Crosspoint.Rtc.Streams;

/// <summary>Where a packet stands in its stream. The names are metric labels.</summary>
public enum SequenceVerdict : byte
{
    /// <summary>Newer than all before, perhaps behind a gap.</summary>
    Newest,

    /// <summary>Older than the newest, within the tolerance: late or a duplicate.</summary>
    Late,

    /// <summary>Far from the newest; a second one that follows it would prove a restart. Counts as not received.</summary>
    Implausible,

    /// <summary>The second packet of a sender that began anew; all counters of the sequence have been reset.</summary>
    Restarted,
}
