namespace Crosspoint.Rtc.Streams;

/// <summary>What became of a packet given to a <see cref="RetransmissionBuffer"/>. The names are metric labels.</summary>
public enum StoreVerdict : byte
{
    /// <summary>Kept.</summary>
    Stored,

    /// <summary>Already there.</summary>
    Duplicate,

    /// <summary>Older than all that is kept.</summary>
    TooOld,

    /// <summary>Does not fit a block.</summary>
    TooLarge,

    /// <summary>The pool has reached its bound.</summary>
    PoolExhausted,
}
