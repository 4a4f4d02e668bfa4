using Crosspoint.Media;

namespace Crosspoint.Workers;

/// <summary>What a router says of the quality of its tracks, in the ids of the control plane.</summary>
internal static class QualityNotifications
{
    /// <summary>Null for what is not of quality, and for tracks between workers, which are no client's.</summary>
    public static RouterNotification? Of(in RouterEvent routerEvent) => routerEvent switch
    {
        { Consumer.Tag: HostedConsumer consumer } => OfConsumer(consumer.Id, routerEvent),
        { Producer.Tag: HostedProducer { Pipe: null } producer } => OfProducer(producer.Id, routerEvent),
        { Transport.Tag: WebRtcTransport transport, Kind: RouterEventKind.BandwidthChanged } => new RouterNotification.BandwidthChanged(transport.Id, routerEvent.Estimate),
        _ => null,
    };

    private static RouterNotification? OfConsumer(string id, in RouterEvent routerEvent) => routerEvent.Kind switch
    {
        RouterEventKind.LayersChanged => new RouterNotification.LayersChanged(id, routerEvent.CurrentLayer, routerEvent.TargetLayer),
        RouterEventKind.ConsumerScore => new RouterNotification.ConsumerScore(id, routerEvent.Score),
        RouterEventKind.Starved or RouterEventKind.Limited => new RouterNotification.SuspensionChanged(id, routerEvent.Suspension),
        _ => null,
    };

    private static RouterNotification? OfProducer(string id, in RouterEvent routerEvent) => routerEvent.Kind switch
    {
        RouterEventKind.ProducerScore => new RouterNotification.ProducerScore(id, routerEvent.Score),
        RouterEventKind.FramesRefused => new RouterNotification.FramesRefused(id, routerEvent.Refusal),
        RouterEventKind.WatchedLayersChanged => new RouterNotification.WatchedLayersChanged(id, routerEvent.WatchedSpatial),
        _ => null,
    };
}
