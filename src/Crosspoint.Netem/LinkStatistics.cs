namespace Crosspoint.Netem;

/// <summary>What went over a link and what did not, without cross traffic unless said.</summary>
public sealed class LinkStatistics
{
    private readonly long[] _drops = new long[Enum.GetValues<LinkDropReason>().Length];

    /// <summary>Packets given to it.</summary>
    public long Offered { get; internal set; }

    /// <summary>Bytes given to it.</summary>
    public long OfferedBytes { get; internal set; }

    /// <summary>Bytes that passed the bottleneck, those lost behind it included.</summary>
    public long PassedBytes { get; internal set; }

    /// <summary>Bytes of cross traffic that passed the bottleneck.</summary>
    public long CrossBytes { get; internal set; }

    /// <summary>Packets handed out.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Bytes handed out.</summary>
    public long DeliveredBytes { get; internal set; }

    /// <summary>Packets that were handed out twice.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Packets that were held back.</summary>
    public long Reordered { get; internal set; }

    /// <summary>How long packets waited before the bottleneck.</summary>
    public DelayHistogram QueueDelay { get; } = new();

    /// <summary>All that was lost.</summary>
    public long Dropped => _drops.Sum();

    /// <summary>What was lost for one reason.</summary>
    public long DroppedFor(LinkDropReason reason) => _drops[(int)reason];

    internal void Drop(LinkDropReason reason) => _drops[(int)reason]++;
}
