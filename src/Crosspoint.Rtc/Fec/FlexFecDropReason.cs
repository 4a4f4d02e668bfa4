namespace Crosspoint.Rtc.Fec;

/// <summary>Why a repair packet was not used. The names are metric labels.</summary>
public enum FlexFecDropReason : byte
{
    /// <summary>It was.</summary>
    None = 0,

    /// <summary>Fewer bytes than its header needs.</summary>
    Truncated,

    /// <summary>The R bit: a retransmission inside the FEC stream, which nobody sends.</summary>
    Retransmission,

    /// <summary>The F bit: a mask given as rows and columns, which Chromium neither sends nor takes.</summary>
    FixedMask,

    /// <summary>It protects other than exactly one stream.</summary>
    SourceCount,

    /// <summary>It protects a stream that is not ours.</summary>
    UnknownSource,

    /// <summary>The chain of mask parts does not end, or no packet is protected.</summary>
    Mask,

    /// <summary>It came twice.</summary>
    Duplicate,

    /// <summary>What it protects is too far from the stream.</summary>
    OutOfWindow,

    /// <summary>No block was free to keep it.</summary>
    PoolExhausted,
}
