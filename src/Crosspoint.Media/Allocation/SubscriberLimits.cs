namespace Crosspoint.Media.Allocation;

/// <summary>How many videos one subscriber gets at most, whatever it consumes and whatever its network carries.</summary>
/// <param name="LastN">Only of those who spoke last, this many people; those with a <see cref="Consumer.Priority"/> above the default stay besides. Null for all.</param>
/// <param name="MaxVideo">At most this many videos in all, by priority and then by who spoke last. Null for all.</param>
public readonly record struct SubscriberLimits(int? LastN, int? MaxVideo)
{
    /// <summary>No limits.</summary>
    public static readonly SubscriberLimits None;

    /// <summary>True when there is something to hold to.</summary>
    public bool Any => LastN is not null || MaxVideo is not null;
}
