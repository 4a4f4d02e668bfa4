namespace Crosspoint.Net.Tcp;

/// <summary>The limits of one framed TCP connection.</summary>
public record TcpConnectionOptions
{
    /// <summary>Longest frame taken or sent, default 4096 bytes: packets of WebRTC stay under 1500, and what is longer is not one.</summary>
    public int MaxFrameBytes { get; init; } = 4096;

    /// <summary>Most bytes waiting for a peer that does not read, default 256 KiB: a second of 2 Mbit/s, after which media is worthless.</summary>
    public int MaxBacklogBytes { get; init; } = 256 << 10;

    /// <summary>
    /// What the kernel may keep besides, default 256 KiB. Left to itself it takes megabytes for a peer that does not read:
    /// memory we do not see, and seconds of stale media before our own limit is met. This still carries 20 Mbit/s over 100 ms.
    /// </summary>
    public int SendBufferBytes { get; init; } = 256 << 10;

    /// <summary>Time an accepted connection has for its first frame, default 5 s. A connection that we opened has no such deadline.</summary>
    public TimeSpan FirstFrameDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time a frame has from its first byte to its last, default 10 s: longer than a lost segment takes, shorter than patience with a slow loris.</summary>
    public TimeSpan FrameDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time without any frame, default 60 s: twice the consent of RFC 7675, by which the owner has given up long before.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often deadlines are looked at, default 500 ms; a deadline may be late by that.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The clock behind the deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal virtual void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFrameBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxFrameBytes, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBacklogBytes, MaxFrameBytes + FrameReader.PrefixLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendBufferBytes, MaxFrameBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstFrameDeadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FrameDeadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SweepInterval, TimeSpan.Zero);
    }
}
