namespace Crosspoint.Rtc.Streams;

/// <summary>How much of a stream is kept for retransmission.</summary>
public sealed record RetransmissionBufferOptions
{
    /// <summary>Packets kept; rounded up to a power of two. Default 1024, a second of a 10 Mbit/s video.</summary>
    public int MaxPackets { get; init; } = 1024;

    /// <summary>Bytes kept, headers included. Default 1 MiB.</summary>
    public int MaxBytes { get; init; } = 1 << 20;

    /// <summary>How long a packet is kept at most. Default 2 s: what is older, no receiver waits for.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a packet is kept at least, where the round trips are short. Default 500 ms: what a receiver needs to notice,
    /// to ask, and to ask again, on a busy day.
    /// </summary>
    public TimeSpan MinAge { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How many of the longest round trip among those who may ask a packet is kept. Default 10, as often as receivers ask: at a tenth lost, five
    /// times is too few for one packet in some thousand, and with it stands the picture until a keyframe.
    /// </summary>
    public int RoundTrips { get; init; } = 10;
}
