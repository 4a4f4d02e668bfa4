using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Tests.Simulation;

/// <summary>One direction of a host's access link. Probabilities are 0 to 1. A path crosses the sender's link, then the receiver's.</summary>
public sealed record LinkProfile
{
    public static readonly LinkProfile Perfect = new();

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Added to the delay, uniform from zero; datagrams may overtake each other by it.</summary>
    public TimeSpan Jitter { get; init; }

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>Share of datagrams held back by <see cref="ReorderDelay"/>.</summary>
    public double Reorder { get; init; }

    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Zero is unlimited.</summary>
    public Bitrate Rate { get; init; }

    /// <summary>With a rate: how long a datagram may wait for its turn before it is dropped.</summary>
    public TimeSpan MaxQueue { get; init; } = TimeSpan.FromMilliseconds(300);
}
