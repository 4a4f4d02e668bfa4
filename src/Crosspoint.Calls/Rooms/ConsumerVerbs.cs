using Crosspoint.Calls.Door;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Rooms;

/// <summary>What a member may do with the tracks it receives: start, pause, resume and end its own.</summary>
/// <remarks>The room's mailbox owns it.</remarks>
internal sealed class ConsumerVerbs(Room room, RoomContext context, RoomPlane plane, MediaBooks books)
{
    private const int MaxConsumersPerPeer = 1024;

    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;
    private readonly RoomPlane _plane = plane;
    private readonly MediaBooks _books = books;

    internal async ValueTask<Outcome> ConsumeAsync(Request request, Peer peer, ConsumePayload payload)
    {
        if (!_books.TryGet(payload.ProducerId, out RoomProducer? producer))
        {
            return MediaRefusals.NoProducer;
        }

        RoomTransport? transport = payload.TransportId is { } named
            ? peer.Transports.GetValueOrDefault(named)
            : peer.Transports.Values.FirstOrDefault(candidate => candidate.Direction == TransportDirection.Recv);
        if (transport is null && (_plane.IsReal || payload.TransportId is not null))
        {
            return MediaRefusals.NoTransport;
        }

        if (_plane.IsReal && payload.RtpCapabilities.Codecs.Count == 0)
        {
            return new PayloadProblem("$.rtpCapabilities.codecs", "At least one codec is needed.").ToError();
        }

        if (peer.Consumers.Count >= MaxConsumersPerPeer)
        {
            return Outcome.Refused(ErrorCodes.RateLimited, "Too many consumers", new() { Limit = MaxConsumersPerPeer });
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            ConsumerDescription made = await plane.ConsumeAsync(transport?.Id ?? "", producer.Id, payload.RtpCapabilities, payload.Paused == true, token);
            RoomConsumer consumer = new(made.Id, producer, transport?.Id) { IsPaused = payload.Paused == true };
            await WishAsync(plane, made.Id, payload, token);
            peer.Consumers[made.Id] = consumer;
            request.Connection.SendDirect(MessageTypes.ConsumerAdded, Describe(peer, consumer, made), CallsJson.Default.ConsumerAddedPayload);
            _context.Metrics.Consumed(producer.Kind);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> SetPausedAsync(Peer peer, string consumerId, bool paused)
    {
        if (!peer.Consumers.TryGetValue(consumerId, out RoomConsumer? consumer))
        {
            return MediaRefusals.NoConsumer;
        }

        Outcome outcome = await _plane.AskAsync(async (plane, token) =>
        {
            await plane.SetConsumerPausedAsync(consumerId, paused, token);
            consumer.IsPaused = paused;
            return Outcome.State(paused ? "paused" : "active");
        });

        // The contract names this failure; which worker it was is for the log.
        return outcome.Error is { Code: ErrorCodes.SfuNotReady or ErrorCodes.InternalError } && !paused
            ? Outcome.Refused(ErrorCodes.ConsumerResumeFailed, "The consumer could not be resumed")
            : outcome;
    }

    internal async ValueTask<Outcome> SetPreferredLayersAsync(Peer peer, ConsumerSetPreferredLayersPayload payload) =>
        await OfOwnAsync(peer, payload.ConsumerId, (plane, token) => plane.SetPreferredLayersAsync(payload.ConsumerId, payload.PreferredLayers, token));

    internal async ValueTask<Outcome> SetPriorityAsync(Peer peer, ConsumerSetPriorityPayload payload) =>
        await OfOwnAsync(peer, payload.ConsumerId, (plane, token) => plane.SetPriorityAsync(payload.ConsumerId, (byte)payload.Priority, token));

    internal async ValueTask<Outcome> CloseAsync(Peer peer, string consumerId)
    {
        if (!peer.Consumers.ContainsKey(consumerId))
        {
            return MediaRefusals.NoConsumer;
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            await plane.CloseConsumerAsync(consumerId, token);
            peer.Consumers.Remove(consumerId);
            return Outcome.State("closed");
        });
    }

    private async ValueTask<Outcome> OfOwnAsync(Peer peer, string consumerId, Func<IMediaRoom, CancellationToken, ValueTask> verb)
    {
        if (!peer.Consumers.ContainsKey(consumerId))
        {
            return MediaRefusals.NoConsumer;
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            await verb(plane, token);
            return Outcome.Done;
        });
    }

    // What CONSUME may say besides what it needs.
    private static async ValueTask WishAsync(IMediaRoom plane, string consumerId, ConsumePayload payload, CancellationToken token)
    {
        if (payload.Priority is { } priority)
        {
            await plane.SetPriorityAsync(consumerId, (byte)priority, token);
        }

        if (payload.PreferredLayers is { } layers)
        {
            await plane.SetPreferredLayersAsync(consumerId, layers, token);
        }
    }

    private ConsumerAddedPayload Describe(Peer peer, RoomConsumer consumer, ConsumerDescription made) => new()
    {
        RoomId = _room.Id,
        RoomVersion = _room.Version,
        ConsumerId = consumer.Id,
        ProducerId = consumer.Producer.Id,
        TransportId = consumer.TransportId,
        Kind = consumer.Producer.Kind,
        RtpParameters = made.RtpParameters,
        Type = made.Type,
        SpatialLayers = consumer.Producer.Shape.SpatialLayers,
        TemporalLayers = consumer.Producer.Shape.TemporalLayers,
        Width = consumer.Producer.Width,
        Height = consumer.Producer.Height,
        Paused = consumer.IsPaused,
        ProducerPaused = made.ProducerPaused,
        Consumer = new()
        {
            ConsumerId = consumer.Id,
            ProducerId = consumer.Producer.Id,
            ConsumerDeviceId = peer.DeviceId,
            OwnerUserId = consumer.Producer.Owner.UserId,
            OwnerDeviceId = consumer.Producer.Owner.DeviceId,
            Kind = consumer.Producer.Kind,
            Source = consumer.Producer.Source,
            State = consumer.IsPaused ? ConsumerState.Paused : ConsumerState.Active,
            Generation = consumer.Producer.Generation,
            CreatedAt = _context.Frames.Now,
        },
    };
}
