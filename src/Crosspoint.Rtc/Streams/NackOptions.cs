namespace Crosspoint.Rtc.Streams;

/// <summary>How missing packets are asked for.</summary>
public sealed record NackOptions
{
    /// <summary>
    /// Packets that may be missing at once. More is an outage that retransmission would only prolong: the list is emptied and a keyframe asked for.
    /// Default 1000, about a second of a 10 Mbit/s video.
    /// </summary>
    public int MaxMissing { get; init; } = 1000;

    /// <summary>
    /// How much may be missing at once, as time that it takes to come again at the rate at which packets come now, or a round trip if that is longer. More is
    /// given up for a keyframe, which is there sooner: a link that fell to a fraction of what is sent on it loses what its queue does not
    /// hold, and needs as long again for that as it was too slow. Default 200 ms: a keyframe is about six pictures. <see cref="TimeSpan.MaxValue"/> for a receiver that asks for all.
    /// </summary>
    public TimeSpan MaxRepairTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>So many may be missing however slowly packets come. Default 8: what a short burst of losses takes.</summary>
    public int AlwaysRepaired { get; init; } = 8;

    /// <summary>
    /// How long beside a round trip the keyframe that is needed instead may take to begin, while what is missed before it is not asked for. Default 400 ms: a
    /// queue on the way, and an encoder's two pictures.
    /// </summary>
    public TimeSpan KeyFramePatience { get; init; } = TimeSpan.FromMilliseconds(400);

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
