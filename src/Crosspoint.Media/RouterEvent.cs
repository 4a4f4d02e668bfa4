using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Speakers;
using Crosspoint.Primitives;

namespace Crosspoint.Media;

/// <summary>Something the shell may want to pass on. What each kind fills in, <see cref="RouterEventKind"/> says.</summary>
public readonly record struct RouterEvent
{
    /// <summary>What happened.</summary>
    public required RouterEventKind Kind { get; init; }

    /// <summary>The producer it is about.</summary>
    public Producer? Producer { get; init; }

    /// <summary>The consumer it is about.</summary>
    public Consumer? Consumer { get; init; }

    /// <summary>The transport it is about.</summary>
    public RouterTransport? Transport { get; init; }

    /// <summary>Why it closed.</summary>
    public CloseReason Reason { get; init; }

    /// <summary>Who speaks, loudest first.</summary>
    public IReadOnlyList<ActiveSpeaker>? Speakers { get; init; }

    /// <summary>The layer being sent; null for none.</summary>
    public LayerId? CurrentLayer { get; init; }

    /// <summary>The layer that is to be sent as soon as a switch is possible; null for none.</summary>
    public LayerId? TargetLayer { get; init; }

    /// <summary>0 (nothing arrives) to 10 (everything does).</summary>
    public byte Score { get; init; }

    /// <summary>Why the consumer is sent nothing.</summary>
    public Suspension Suspension { get; init; }

    /// <summary>The highest spatial layer that anybody wants; null when nobody wants any.</summary>
    public int? WatchedSpatial { get; init; }

    /// <summary>What was wrong with the last of a producer's frames.</summary>
    public FrameRefusal Refusal { get; init; }

    /// <summary>What the transport's network is believed to carry.</summary>
    public Bitrate Estimate { get; init; }
}
