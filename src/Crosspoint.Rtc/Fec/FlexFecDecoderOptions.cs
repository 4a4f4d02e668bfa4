namespace Crosspoint.Rtc.Fec;

/// <summary>How much a decoder remembers.</summary>
public sealed record FlexFecDecoderOptions
{
    /// <summary>Media packets; rounded up to a power of two. Default 128: more than the longest mask names.</summary>
    public int MaxMedia { get; init; } = 128;

    /// <summary>Repair packets that wait for others. Default 32: older ones seldom become useful.</summary>
    public int MaxRepairs { get; init; } = 32;
}
