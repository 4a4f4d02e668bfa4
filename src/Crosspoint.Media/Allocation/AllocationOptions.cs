namespace Crosspoint.Media.Allocation;

/// <summary>When the allocator gives more and when less.</summary>
public sealed record AllocationOptions
{
    /// <summary>The soonest it runs again, unless there is less to give. Default 100 ms: twice the interval of feedback.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it looks at measured rates when nothing else happens. Default 500 ms.</summary>
    public TimeSpan IdleInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Share by which the estimate must have grown to be looked at before <see cref="IdleInterval"/>. Default 0.05.</summary>
    public double EstimateStep { get; init; } = 0.05;

    /// <summary>
    /// Share of a layer's rate that must be free besides before it is begun. Default 0.15: encoders leave their mean by about that much,
    /// and an estimate that was overrun backs off by as much.
    /// </summary>
    public double Headroom { get; init; } = 0.15;

    /// <summary>Share by which a layer that is being sent may exceed its part before it is given up. Default 0.05: the pacer carries that for a while.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>
    /// How much more than the target lowest layers may take while nothing is known of the network. Default 3: as fast as the first probe,
    /// so what it takes to find out is at least a picture.
    /// </summary>
    public int StartupFactor { get; init; } = 3;

    /// <summary>How long there must be room before a consumer that is being sent something rises. Default 500 ms.</summary>
    public TimeSpan RiseAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a consumer that fell does not rise. Default 2 s.</summary>
    public TimeSpan HoldAfterFall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long there must be too little even for the lowest layer before nothing is sent. Default 1.5 s: a queue has drained by then.</summary>
    public TimeSpan StarveAfter { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>How much more than at the rise that was wrong there must be for another before its hold is over. Default 1.5.</summary>
    public double RetryShare { get; init; } = 1.5;

    /// <summary>A fall so soon after a rise, on a network that is not much slower, shows that the rise was wrong. Default 30 s.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Below this share of what there was at the rise, the network changed and nobody was wrong. Default 0.7.</summary>
    public double FailureShare { get; init; } = 0.7;

    /// <summary>How long a consumer whose rise was wrong does not rise; doubled with every further failure. Default 20 s: two switches in it.</summary>
    public TimeSpan HoldAfterFailure { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest such hold. Default 2 min.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromMinutes(2);
}
