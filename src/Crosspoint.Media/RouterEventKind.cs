namespace Crosspoint.Media;

/// <summary>What a <see cref="RouterEvent"/> tells.</summary>
public enum RouterEventKind : byte
{
    /// <summary><see cref="RouterEvent.Consumer"/> is closed, for <see cref="RouterEvent.Reason"/>.</summary>
    ConsumerClosed,

    /// <summary><see cref="RouterEvent.Producer"/> is closed, for <see cref="RouterEvent.Reason"/>.</summary>
    ProducerClosed,

    /// <summary>Others speak now; see <see cref="RouterEvent.Speakers"/>. Empty means silence.</summary>
    ActiveSpeakersChanged,

    /// <summary>The room looks at somebody else: <see cref="RouterEvent.Producer"/> is his audio.</summary>
    DominantSpeakerChanged,

    /// <summary><see cref="RouterEvent.Consumer"/> is sent, or is to be sent, another layer: <see cref="RouterEvent.CurrentLayer"/> and <see cref="RouterEvent.TargetLayer"/>.</summary>
    LayersChanged,

    /// <summary>How much of <see cref="RouterEvent.Consumer"/> arrives; at most once a second.</summary>
    ConsumerScore,

    /// <summary>How much of <see cref="RouterEvent.Producer"/> arrives here; at most once a second.</summary>
    ProducerScore,

    /// <summary>
    /// <see cref="RouterEvent.Consumer"/> begins or ceases to get nothing for want of bandwidth: <see cref="RouterEvent.Suspension"/> is
    /// <see cref="Allocation.Suspension.Bandwidth"/> or not.
    /// </summary>
    Starved,

    /// <summary><see cref="RouterEvent.Consumer"/> is held back, or no longer, by its subscriber's limits: <see cref="RouterEvent.Suspension"/> says which.</summary>
    Limited,

    /// <summary>
    /// What is watched of video <see cref="RouterEvent.Producer"/>: <see cref="RouterEvent.WatchedSpatial"/>. More is told at once, less when it
    /// stays so. The sender may stop encoding what lies above.
    /// </summary>
    WatchedLayersChanged,

    /// <summary>What <see cref="RouterEvent.Transport"/> is believed to carry: <see cref="RouterEvent.Estimate"/>; at most once a second.</summary>
    BandwidthChanged,

    /// <summary>
    /// Too many frames of <see cref="RouterEvent.Producer"/> were refused, the last for <see cref="RouterEvent.Refusal"/>: its owner must close it. Told once;
    /// refused frames are not forwarded whether it does or not.
    /// </summary>
    FramesRefused,
}
