using Crosspoint.Contracts.Calls;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Layers;
using Crosspoint.Workers;

namespace Crosspoint.Calls.Media;

/// <summary>Layers, scores and estimates in the workers' words and in the door's.</summary>
internal static class QualityWords
{
    /// <summary>Null for what is not of quality.</summary>
    internal static MediaNotification? Translate(RouterNotification notification) => notification switch
    {
        RouterNotification.LayersChanged changed => new LayersChanged(changed.ConsumerId, Layers(changed.Current), Layers(changed.Target)),
        RouterNotification.SuspensionChanged changed => new ConsumerHeldBack(changed.ConsumerId, Reason(changed.Suspension)),
        RouterNotification.ConsumerScore scored => new ConsumerScored(scored.ConsumerId, scored.Score),
        RouterNotification.ProducerScore scored => new ProducerScored(scored.ProducerId, scored.Score),
        RouterNotification.WatchedLayersChanged changed => new WatchedLayersChanged(changed.ProducerId, changed.MaxSpatial),
        RouterNotification.BandwidthChanged changed => new BandwidthChanged(changed.TransportId, changed.Estimate.BitsPerSecond),
        _ => null,
    };

    /// <summary>A wish that names no temporal layer means all of them.</summary>
    internal static LayerId? Layer(VideoLayers? layers) => layers is null ? null : new LayerId((byte)layers.SpatialLayer, (byte)(layers.TemporalLayer ?? LayerId.Highest.Temporal));

    internal static VideoLayers? Layers(LayerId? layer) => layer is { } one ? new() { SpatialLayer = one.Spatial, TemporalLayer = one.Temporal } : null;

    internal static ConsumerStarvedReason? Reason(Suspension suspension) => suspension switch
    {
        Suspension.None => null,
        Suspension.LastN => ConsumerStarvedReason.LastN,
        Suspension.MaxVideo => ConsumerStarvedReason.MaxVideo,
        _ => ConsumerStarvedReason.Bandwidth,
    };
}
