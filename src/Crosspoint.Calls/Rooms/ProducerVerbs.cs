using Crosspoint.Calls.Door;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Rooms;

/// <summary>What a member may do with the tracks it sends: start, pause, resume and end its own.</summary>
/// <remarks>The room's mailbox owns it.</remarks>
internal sealed class ProducerVerbs(Room room, RoomContext context, RoomPlane plane, MediaBooks books)
{
    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;
    private readonly RoomPlane _plane = plane;
    private readonly MediaBooks _books = books;

    internal async ValueTask<Outcome> ProduceAsync(Request request, Peer peer, ProducePayload payload)
    {
        if (!peer.Transports.TryGetValue(payload.TransportId, out RoomTransport? transport))
        {
            return MediaRefusals.NoTransport;
        }

        if (transport.Direction != TransportDirection.Send)
        {
            return new PayloadProblem("$.transportId", "This transport receives.").ToError();
        }

        if (_plane.IsReal && payload.RtpParameters.Codecs.Count == 0 && payload.RtpParameters.Encodings.Count == 0)
        {
            return new PayloadProblem("$.rtpParameters", "Codecs or encodings are needed.").ToError();
        }

        int limit = _context.Options.Limits.ProducersPerPeer;
        if (_books.Producers.Count(producer => producer.Owner == peer) >= limit)
        {
            return Outcome.Refused(ErrorCodes.RateLimited, "Too many producers", new() { Limit = limit });
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            ProducerDescription made = await plane.ProduceAsync(payload.TransportId, payload.Kind, payload.RtpParameters, payload.Paused == true, token);
            RoomProducer producer = _books.Book(made.Id, peer, payload);
            if (_room.Keys?.LeafOf(peer) is { } leaf)
            {
                await plane.SetFrameLeafAsync(producer.Id, leaf, producer.Kind, producer.Source, token);
            }

            long version = _room.Bump();
            request.Connection.SendDirect(
                MessageTypes.Produced,
                new() { RoomId = _room.Id, ProducerId = producer.Id, Kind = producer.Kind, RoomVersion = version },
                CallsJson.Default.ProducedPayload);
            _room.Broadcast(MessageTypes.ProducerAdded, Describe(producer, version), CallsJson.Default.ProducerAddedPayload, except: peer);
            _context.Metrics.Produced(producer.Kind);
            return Outcome.State(null, version);
        });
    }

    internal async ValueTask<Outcome> SetPausedAsync(Peer peer, string producerId, bool paused)
    {
        if (_books.FindOwn(peer, producerId) is not { } producer)
        {
            return MediaRefusals.NoProducer;
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            await plane.SetProducerPausedAsync(producerId, paused, token);
            if (producer.IsPaused != paused)
            {
                producer.IsPaused = paused;
                _room.Broadcast(
                    paused ? MessageTypes.ProducerPaused : MessageTypes.ProducerResumed,
                    new() { RoomId = _room.Id, RoomVersion = _room.Bump(), ProducerId = producerId, PeerDeviceId = peer.DeviceId },
                    CallsJson.Default.ProducerStatePayload,
                    except: peer);
            }

            return Outcome.State(paused ? "paused" : "active", _room.Version);
        });
    }

    internal async ValueTask<Outcome> CloseAsync(Peer peer, string producerId)
    {
        if (_books.FindOwn(peer, producerId) is not { } producer)
        {
            return MediaRefusals.NoProducer;
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            await plane.CloseProducerAsync(producerId, token);
            _books.Unbook(producer, ProducerRemovedReason.ClientClose, except: peer);
            return Outcome.State("closed", _room.Version);
        });
    }

    private ProducerAddedPayload Describe(RoomProducer producer, long version) => new()
    {
        RoomId = _room.Id,
        RoomVersion = version,
        ProducerId = producer.Id,
        PeerDeviceId = producer.Owner.DeviceId,
        Kind = producer.Kind,
        Producer = producer.Describe(),
    };
}
