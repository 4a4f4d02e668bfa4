namespace Crosspoint.Rtc.Streams;

/// <summary>What a packet meant for the list of missing ones. The names are metric labels.</summary>
public enum NackVerdict : byte
{
    /// <summary>The next in order, or the first.</summary>
    InOrder,

    /// <summary>Behind a gap; what lies in it is missing now.</summary>
    Gap,

    /// <summary>Was missing and had not been asked for: only out of order.</summary>
    Reordered,

    /// <summary>Was missing and had been asked for.</summary>
    Recovered,

    /// <summary>Was not missing: a duplicate, or came after it had been given up.</summary>
    Duplicate,

    /// <summary>Too many are missing: the list is empty again and the stream needs a keyframe.</summary>
    KeyFrameNeeded,
}
