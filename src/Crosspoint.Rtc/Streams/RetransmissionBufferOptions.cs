namespace Crosspoint.Rtc.Streams;

/// <summary>How much of a stream is kept for retransmission.</summary>
public sealed record RetransmissionBufferOptions
{
    /// <summary>Packets kept; rounded up to a power of two. Default 1024, a second of a 10 Mbit/s video.</summary>
    public int MaxPackets { get; init; } = 1024;

    /// <summary>Bytes kept, headers included. Default 1 MiB.</summary>
    public int MaxBytes { get; init; } = 1 << 20;

    /// <summary>How long a packet is kept. Default 2 s: what is older, no receiver waits for.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(2);
}
