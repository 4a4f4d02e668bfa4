using System.Diagnostics.CodeAnalysis;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Rooms;

/// <summary>Who publishes and receives what in a room. Changed after the media plane agreed or reported; every change is told to whom it concerns.</summary>
/// <remarks>The room's mailbox owns it; the counts may be read by any thread.</remarks>
internal sealed class MediaBooks(Room room, RoomContext context)
{
    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;

    // state
    private readonly Dictionary<string, RoomProducer> _producers = new(StringComparer.Ordinal);
    private int _producerCount;
    private int _audioProducerCount;

    /// <summary>Any thread.</summary>
    internal int ProducerCount => Volatile.Read(ref _producerCount);

    /// <summary>Any thread.</summary>
    internal int AudioProducerCount => Volatile.Read(ref _audioProducerCount);

    internal IReadOnlyCollection<RoomProducer> Producers => _producers.Values;

    internal bool TryGet(string producerId, [NotNullWhen(true)] out RoomProducer? producer) => _producers.TryGetValue(producerId, out producer);

    /// <summary>A peer's own producer, or null.</summary>
    internal RoomProducer? FindOwn(Peer peer, string producerId) =>
        _producers.TryGetValue(producerId, out RoomProducer? producer) && producer.Owner == peer ? producer : null;

    /// <summary>Enters a track that the plane accepted.</summary>
    internal RoomProducer Book(string id, Peer peer, ProducePayload payload)
    {
        MediaSource source = payload.EffectiveSource;
        int generation = peer.Generations[source] = peer.Generations.GetValueOrDefault(source) + 1;
        RoomProducer producer = new(id, peer, payload.TransportId, payload.Kind, source, generation, _context.Frames.Now)
        {
            IsPaused = payload.Paused == true,
            Shape = VideoShape.Of(payload.RtpParameters),
            Width = payload.Width,
            Height = payload.Height,
        };
        _producers[id] = producer;
        CountProducers();
        return producer;
    }

    /// <summary>Strikes a track out with everything that consumes it, and tells the room.</summary>
    internal void Unbook(RoomProducer producer, ProducerRemovedReason reason, Peer? except = null)
    {
        if (!_producers.Remove(producer.Id))
        {
            return;
        }

        CountProducers();
        foreach (Peer peer in _room.Peers)
        {
            foreach (RoomConsumer consumer in peer.Consumers.Values.Where(consumer => consumer.Producer == producer).ToArray())
            {
                DropConsumer(peer, consumer, ConsumerClosedReason.ProducerClosed);
            }
        }

        _room.Broadcast(
            MessageTypes.ProducerRemoved,
            new() { RoomId = _room.Id, RoomVersion = _room.Bump(), ProducerId = producer.Id, PeerDeviceId = producer.Owner.DeviceId, Reason = reason },
            CallsJson.Default.ProducerRemovedPayload,
            except);
    }

    private void CountProducers()
    {
        Volatile.Write(ref _producerCount, _producers.Count);
        Volatile.Write(ref _audioProducerCount, _producers.Values.Count(producer => producer.Kind == MediaKind.Audio));
    }

    /// <summary>Strikes a consumer out and tells its owner.</summary>
    internal void DropConsumer(Peer peer, RoomConsumer consumer, ConsumerClosedReason reason)
    {
        peer.Consumers.Remove(consumer.Id);
        _room.Tell(
            peer,
            MessageTypes.ConsumerClosed,
            new() { RoomId = _room.Id, ConsumerId = consumer.Id, ProducerId = consumer.Producer.Id, Reason = reason },
            CallsJson.Default.ConsumerClosedPayload);
    }

    /// <summary>Strikes a transport out with everything on it.</summary>
    internal void ForgetTransport(Peer peer, string transportId, ProducerRemovedReason producersBecause, ConsumerClosedReason consumersBecause)
    {
        peer.Transports.Remove(transportId);
        foreach (RoomProducer producer in Producers.Where(producer => producer.Owner == peer && producer.TransportId == transportId).ToArray())
        {
            Unbook(producer, producersBecause);
        }

        foreach (RoomConsumer consumer in peer.Consumers.Values.Where(consumer => consumer.TransportId == transportId).ToArray())
        {
            DropConsumer(peer, consumer, consumersBecause);
        }
    }
}
