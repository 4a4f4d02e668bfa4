namespace Crosspoint.Rtc.Streams;

/// <summary>How missing packets are asked for.</summary>
public sealed record NackOptions
{
    /// <summary>
    /// Packets that may be missing at once. More is an outage that retransmission would only prolong: the list is emptied and a keyframe asked for.
    /// Default 1000, about a second of a 10 Mbit/s video.
    /// </summary>
    public int MaxMissing { get; init; } = 1000;

    /// <summary>How often one packet is asked for. Default 10: with an RTT between, the player has long given up.</summary>
    public int MaxRequests { get; init; } = 10;

    /// <summary>
    /// How long after it was missed a packet is of use, so none is asked for whose answer, a round trip later, would come after that.
    /// Default 2 s, the depth of a browser's jitter buffer at its worst.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait at least for a packet that may only be out of order. Default 5 ms: real reordering is mostly shorter, an RTT is longer.</summary>
    public TimeSpan ReorderTolerance { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long to wait at most: the wait follows the reordering that is seen, which on links that bundle several paths is tens of milliseconds.
    /// Default 50 ms: beyond that, asking in vain is cheaper than waiting.
    /// </summary>
    public TimeSpan MaxReorderTolerance { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The least time between two requests for one packet, however small the RTT. Default 20 ms.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The most time between two requests for one packet, however large the RTT is said to be. Default 500 ms.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
