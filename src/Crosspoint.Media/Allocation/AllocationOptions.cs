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

    /// <summary>
    /// In which the keyframe that a larger picture begins with must be made up for by what is free besides. Default 1 s: with a keyframe of less than a
    /// second of its rate the picture then stands still for less than half of one.
    /// </summary>
    public TimeSpan KeyFrameTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Share of a larger picture's rate that must be free besides before it is begun, however small its keyframe is or where none was seen. Default 0.2: a
    /// keyframe is six pictures or more, a fifth of a second, and has a second to be made up for.
    /// </summary>
    public double KeyFrameShare { get; init; } = 0.2;

    /// <summary>
    /// The most of a larger picture's rate that is asked for besides, however large its keyframe is. Default 1: where a keyframe is more than a second of
    /// the rate, the picture hardly changes, and it is not seen to stand still.
    /// </summary>
    public double MaxKeyFrameShare { get; init; } = 1;

    /// <summary>Pictures a second that half of a larger picture's must be for it to be sent with half for long. Default 10: below, motion is seen as one picture after another.</summary>
    public double LeastFrameRate { get; init; } = 10;

    /// <summary>
    /// How long half of a larger picture's pictures are sent where that is less than <see cref="LeastFrameRate"/>, before a smaller one takes its place. Default 3 s:
    /// <see cref="HoldAfterFall"/> and <see cref="RiseAfter"/> are over by then, so it would be back if it could.
    /// </summary>
    public TimeSpan MaxHalfTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Share by which what is being sent may exceed the budget before that counts as too much. Default 0.05: estimates and encoders breathe.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>
    /// How long what is sent beyond the budget would have to wait before something is given up. Default 200 ms, half of what the pacer keeps:
    /// a tenth too much is carried for two seconds, twice too much for a fifth of one.
    /// </summary>
    public TimeSpan MostWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest that what waits and what is on the way may take to arrive over a link that has collapsed, until a smaller layer is taken. Default 150 ms: less than
    /// <see cref="MostWait"/>, because it is known before it has passed, and not nothing, because a link may come back.
    /// </summary>
    public TimeSpan MostForeseen { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// How much more than the target lowest layers may take while nothing is known of the network. Default 3: as fast as the first probe,
    /// so what it takes to find out is at least a picture.
    /// </summary>
    public int StartupFactor { get; init; } = 3;

    /// <summary>
    /// How much of what is sent is given up at once when it was too much by less than <see cref="FailureShare"/>. Default 0.1: while too much is
    /// sent, less seems to be carried than is.
    /// </summary>
    public double GiveUpShare { get; init; } = 0.1;

    /// <summary>How long what was given up has to show in the estimate before more is. Default 1 s: a round trip, and the queue of what was too much; half of it while much more waits than <see cref="MostWait"/>.</summary>
    public TimeSpan FallInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long there must be room before a consumer that is being sent something rises. Default 500 ms.</summary>
    public TimeSpan RiseAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a consumer that fell does not rise. Default 2 s.</summary>
    public TimeSpan HoldAfterFall { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long there must be too little even for the lowest layer before nothing is sent. Default 1.5 s: a queue has drained by then.</summary>
    public TimeSpan StarveAfter { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>How much more than what was too much there must be for another attempt before the hold is over. Default 1.5.</summary>
    public double RetryShare { get; init; } = 1.5;

    /// <summary>A fall later than this after the last rise does not make the hold longer: it was right for long. Default 30 s.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Below this share of what was too much, for <see cref="OtherAfter"/>, the network is another one. Default 0.7.</summary>
    public double FailureShare { get; init; } = 0.7;

    /// <summary>How long it must be so much slower. Default 5 s: the queue of a wrong rise has drained by then, and the estimate is back.</summary>
    public TimeSpan OtherAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long all together do not rise to what was too much; longer by <see cref="HoldGrowth"/> with every further time. Default 20 s: a rise and a
    /// fall in it are one change in 10 s.
    /// </summary>
    public TimeSpan HoldAfterFailure { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many times as long every further hold is. Default 1.5.</summary>
    public double HoldGrowth { get; init; } = 1.5;

    /// <summary>The longest such hold. Default 2 min.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The longest hold of a video that is not seen at all; it is a quarter of the others' at first. Default 15 s: a try costs its neighbours a second,
    /// and nobody should look at nothing for two minutes because something did not fit once.
    /// </summary>
    public TimeSpan MaxHoldDark { get; init; } = TimeSpan.FromSeconds(15);
}
