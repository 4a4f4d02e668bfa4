using Crosspoint.Media.Speakers;

namespace Crosspoint.Media;

/// <summary>What a <see cref="RouterEvent"/> tells.</summary>
public enum RouterEventKind : byte
{
    /// <summary>A consumer is closed; see <see cref="RouterEvent.Consumer"/>.</summary>
    ConsumerClosed,

    /// <summary>A producer is closed; see <see cref="RouterEvent.Producer"/>.</summary>
    ProducerClosed,

    /// <summary>A consumer is sent other layers; see <see cref="RouterEvent.Consumer"/> and <see cref="Media.Consumer.Current"/>.</summary>
    LayersChanged,

    /// <summary>Others speak now; see <see cref="RouterEvent.Speakers"/>. Empty means silence.</summary>
    ActiveSpeakersChanged,
}

/// <summary>Something the shell may want to pass on.</summary>
public readonly record struct RouterEvent
{
    /// <summary>What happened.</summary>
    public required RouterEventKind Kind { get; init; }

    /// <summary>The producer that closed.</summary>
    public Producer? Producer { get; init; }

    /// <summary>The consumer that closed, or whose layers changed.</summary>
    public Consumer? Consumer { get; init; }

    /// <summary>Why it closed.</summary>
    public CloseReason Reason { get; init; }

    /// <summary>Who speaks, loudest first.</summary>
    public IReadOnlyList<ActiveSpeaker>? Speakers { get; init; }
}
