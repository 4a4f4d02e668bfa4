using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>What a subscriber said it wants of one consumer, and what the router holds back of it.</summary>
/// <remarks>One owner: the router's thread.</remarks>
internal struct ConsumerWish()
{
    /// <summary>The priority of those who said nothing.</summary>
    public const byte DefaultPriority = 1;

    /// <summary>Who goes first when there is not enough for all, and how much more it gets.</summary>
    public byte Priority = DefaultPriority;

    /// <summary>The highest layer wanted; null for all there are.</summary>
    public LayerId? Preferred;

    /// <summary>Why it is sent nothing.</summary>
    public Suspension Suspension;

    /// <summary>The layer it was last given; null for none.</summary>
    public LayerId? Given;

    /// <summary>Since when it is given half of the pictures of a larger layer; never while it is given all, or nothing.</summary>
    public Instant HalfSince = Instant.Never;

    /// <summary>What keeps its layer still.</summary>
    public LayerHysteresis Hysteresis = new();

    /// <summary>True while an event about its layers waits to be told.</summary>
    public bool IsTelling;
}
