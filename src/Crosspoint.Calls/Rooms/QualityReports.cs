using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Rooms;

/// <summary>Tells each connection how its own tracks fare: layers, scores, what is held back, who watches, what the link carries.</summary>
/// <remarks>The room's mailbox owns it. What lasts is kept beside the track, for a peer that was away when it changed; scores and estimates come again by themselves.</remarks>
internal sealed class QualityReports(Room room, MediaBooks books)
{
    // given to me
    private readonly Room _room = room;
    private readonly MediaBooks _books = books;

    internal void Handle(MediaNotification notification)
    {
        switch (notification)
        {
            case LayersChanged changed when FindConsumer(changed.ConsumerId) is var (owner, consumer):
                consumer.Layers = changed;
                TellLayers(owner, consumer, changed);
                break;
            case ConsumerHeldBack changed when FindConsumer(changed.ConsumerId) is var (owner, consumer):
                consumer.HeldBack = changed.Reason;
                TellState(owner, consumer);
                break;
            case ConsumerScored scored when FindConsumer(scored.ConsumerId) is var (owner, consumer):
                TellScore(owner, consumer, scored);
                break;
            case ProducerScored scored when _books.TryGet(scored.ProducerId, out RoomProducer? producer):
                producer.Score = scored.Score;
                TellScore(producer);
                break;
            case WatchedLayersChanged changed when _books.TryGet(changed.ProducerId, out RoomProducer? producer):
                producer.Watched = changed;
                TellWatched(producer, changed);
                break;
            case BandwidthChanged changed:
                TellBandwidth(changed);
                break;
            default:
                break;
        }
    }

    /// <summary>Says once more what lasts: a peer on a new socket may have missed it.</summary>
    internal void TellAgain(Peer peer)
    {
        foreach (RoomConsumer consumer in peer.Consumers.Values)
        {
            if (consumer.Layers is { } layers)
            {
                TellLayers(peer, consumer, layers);
            }

            // The client may still believe that it is held back.
            if (consumer.Producer.Kind == Contracts.Rtp.MediaKind.Video)
            {
                TellState(peer, consumer);
            }
        }

        foreach (RoomProducer producer in _books.Producers.Where(producer => producer.Owner == peer))
        {
            if (producer.Watched is { } watched)
            {
                TellWatched(producer, watched);
            }
        }
    }

    private (Peer Owner, RoomConsumer Consumer)? FindConsumer(string consumerId)
    {
        foreach (Peer peer in _room.Peers)
        {
            if (peer.Consumers.TryGetValue(consumerId, out RoomConsumer? consumer))
            {
                return (peer, consumer);
            }
        }

        return null;
    }

    private void TellLayers(Peer owner, RoomConsumer consumer, LayersChanged changed) => _room.Tell(
        owner,
        MessageTypes.LayersChanged,
        new() { RoomId = _room.Id, ConsumerId = consumer.Id, ProducerId = consumer.Producer.Id, CurrentLayers = changed.Current, TargetLayers = changed.Target },
        CallsJson.Default.LayersChangedPayload);

    private void TellState(Peer owner, RoomConsumer consumer) => _room.Tell(
        owner,
        MessageTypes.ConsumerState,
        new()
        {
            RoomId = _room.Id,
            ConsumerId = consumer.Id,
            ProducerId = consumer.Producer.Id,
            State = consumer.IsPaused ? ConsumerState.Paused : consumer.HeldBack is null ? ConsumerState.Active : ConsumerState.Starved,
            Reason = consumer.IsPaused ? null : consumer.HeldBack,
        },
        CallsJson.Default.ConsumerStatePayload);

    private void TellScore(Peer owner, RoomConsumer consumer, ConsumerScored scored) => _room.Tell(
        owner,
        MessageTypes.ConsumerScore,
        new() { RoomId = _room.Id, ConsumerId = consumer.Id, ProducerId = consumer.Producer.Id, Score = scored.Score, ProducerScore = consumer.Producer.Score },
        CallsJson.Default.ConsumerScorePayload);

    private void TellScore(RoomProducer producer) => _room.Tell(
        producer.Owner,
        MessageTypes.ProducerScore,
        new() { RoomId = _room.Id, ProducerId = producer.Id, Score = producer.Score },
        CallsJson.Default.ProducerScorePayload);

    private void TellWatched(RoomProducer producer, WatchedLayersChanged changed) => _room.Tell(
        producer.Owner,
        MessageTypes.ProducerWatchedLayers,
        new() { RoomId = _room.Id, ProducerId = producer.Id, MaxSpatialLayer = changed.MaxSpatialLayer },
        CallsJson.Default.ProducerWatchedLayersPayload);

    private void TellBandwidth(BandwidthChanged changed)
    {
        if (_room.Peers.FirstOrDefault(peer => peer.Transports.ContainsKey(changed.TransportId)) is { } owner)
        {
            _room.Tell(
                owner,
                MessageTypes.TransportBandwidth,
                new() { RoomId = _room.Id, TransportId = changed.TransportId, AvailableBitrate = changed.AvailableBitrate },
                CallsJson.Default.TransportBandwidthPayload);
        }
    }
}
