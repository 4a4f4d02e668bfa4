using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Rooms;

/// <summary>Follows what the media plane reports: corrects the books, counts, and tells who it concerns.</summary>
/// <remarks>The room's mailbox owns it.</remarks>
internal sealed class MediaReports(Room room, RoomContext context, MediaBooks books)
{
    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;
    private readonly MediaBooks _books = books;

    // made by me
    private readonly QualityReports _quality = new(room, books);

    // state
    private string? _dominant;

    /// <summary>Follows what the plane tells, in its order.</summary>
    internal void Handle(MediaNotification notification)
    {
        switch (notification)
        {
            case TransportStateChanged changed:
                OnTransportState(changed);
                break;
            case ActiveSpeakersChanged changed:
                OnSpeakers(changed);
                break;
            case DominantSpeakerChanged changed:
                _dominant = changed.ProducerId;
                if (Dominant() is { } dominant)
                {
                    _room.Broadcast(MessageTypes.DominantSpeaker, dominant, CallsJson.Default.DominantSpeakerPayload);
                }

                break;
            case ProducerClosed closed when _books.TryGet(closed.ProducerId, out RoomProducer? producer):
                _books.Unbook(producer, ReasonOf(closed.Reason));
                break;
            case FramesRefused refused when _books.TryGet(refused.ProducerId, out RoomProducer? producer):
                _books.Unbook(producer, ProducerRemovedReason.SframeRefused);
                break;
            case ConsumerClosed closed:
                OnConsumerClosed(closed.ConsumerId);
                break;
            default:
                _quality.Handle(notification);
                break;
        }
    }

    private void OnTransportState(TransportStateChanged changed)
    {
        Peer? owner = _room.Peers.FirstOrDefault(peer => peer.Transports.ContainsKey(changed.TransportId));
        if (owner is null)
        {
            return;
        }

        owner.Transports[changed.TransportId].State = changed.State;
        _context.Metrics.TransportState(changed.State, changed.Reason);
        CountPath(owner.Transports[changed.TransportId], changed);
        CountSetUp(owner, changed.State);
        _room.Tell(
            owner,
            MessageTypes.TransportState,
            new() { RoomId = _room.Id, TransportId = changed.TransportId, State = changed.State, Reason = changed.Reason },
            CallsJson.Default.TransportStatePayload);
        if (changed.State == TransportConnectionState.Closed)
        {
            _books.ForgetTransport(owner, changed.TransportId, ProducerRemovedReason.TransportClosed, ConsumerClosedReason.TransportClosed);
        }
    }

    // A transport that failed in DTLS had a path.
    private void CountPath(RoomTransport transport, TransportStateChanged changed)
    {
        if (changed.HandshakeTime is { } time)
        {
            _context.Metrics.DtlsTook(time);
        }

        if (!transport.IsIceCounted && changed.State is (TransportConnectionState.Connected or TransportConnectionState.Failed))
        {
            transport.IsIceCounted = true;
            _context.Metrics.IceEnded(changed is { State: TransportConnectionState.Failed, Reason: "ice-checks-failed" } ? "failed" : "connected");
        }
    }

    // A join has worked when the first transport of each direction is connected.
    private void CountSetUp(Peer owner, TransportConnectionState state)
    {
        if (owner.IsSetUp)
        {
            return;
        }

        if (state == TransportConnectionState.Failed)
        {
            owner.IsSetUp = true;
            _context.Metrics.SetUp("failed");
        }
        else if (owner.Transports.Values.Where(transport => transport.State == TransportConnectionState.Connected).Select(transport => transport.Direction).Distinct().Count() == 2)
        {
            owner.IsSetUp = true;
            _context.Metrics.SetUp("connected");
            _context.Metrics.SetUpTook(_context.Time.GetElapsedTime(owner.JoinedAt));
        }
    }

    private void OnSpeakers(ActiveSpeakersChanged changed) => _room.Broadcast(
        MessageTypes.ActiveSpeakers,
        new()
        {
            RoomId = _room.Id,
            Speakers = [.. changed.Speakers.Select(Describe).OfType<ActiveSpeaker>()],
        },
        CallsJson.Default.ActiveSpeakersPayload);

    // Null when nobody spoke yet, or his track is no more.
    private DominantSpeakerPayload? Dominant() => _dominant is { } id && _books.TryGet(id, out RoomProducer? producer)
        ? new() { RoomId = _room.Id, ProducerId = producer.Id, DeviceId = producer.Owner.DeviceId }
        : null;

    private ActiveSpeaker? Describe(SpeakerLevel level) => _books.TryGet(level.ProducerId, out RoomProducer? producer)
        ? new() { ProducerId = producer.Id, DeviceId = producer.Owner.DeviceId, LevelDbov = Math.Clamp(level.LevelDbov, -127, 0) }
        : null;

    private void OnConsumerClosed(string consumerId)
    {
        if (_room.Peers.FirstOrDefault(peer => peer.Consumers.ContainsKey(consumerId)) is { } owner)
        {
            _books.DropConsumer(owner, owner.Consumers[consumerId], ConsumerClosedReason.MediaFailure);
        }
    }

    private static ProducerRemovedReason ReasonOf(string word) => word switch
    {
        "SFRAME_TRACE_UNAVAILABLE" => ProducerRemovedReason.SframeTraceUnavailable,
        "SFRAME_FRAMES_TOO_SMALL" => ProducerRemovedReason.SframeFramesTooSmall,
        "TRANSPORT_CLOSED" => ProducerRemovedReason.TransportClosed,
        _ => ProducerRemovedReason.MediaFailure,
    };

    /// <summary>A peer is back on a new socket: what changes in between has passed it by.</summary>
    internal void TellAgain(Peer peer)
    {
        _quality.TellAgain(peer);
        TellDominant(peer);
    }

    /// <summary>Somebody came, who has not heard whom the room looks at.</summary>
    internal void TellDominant(Peer peer)
    {
        if (Dominant() is { } dominant)
        {
            _room.Tell(peer, MessageTypes.DominantSpeaker, dominant, CallsJson.Default.DominantSpeakerPayload);
        }
    }

    /// <summary>The worker died. The room lives on without media; the next TRANSPORT_CREATE gets a new plane.</summary>
    internal void PlaneLost()
    {
        _context.Metrics.MediaRoomLost();
        foreach (Peer peer in _room.Peers)
        {
            foreach (string transportId in peer.Transports.Keys.ToArray())
            {
                _room.Tell(
                    peer,
                    MessageTypes.TransportState,
                    new() { RoomId = _room.Id, TransportId = transportId, State = TransportConnectionState.Closed, Reason = "worker_lost" },
                    CallsJson.Default.TransportStatePayload);
                _books.ForgetTransport(peer, transportId, ProducerRemovedReason.MediaFailure, ConsumerClosedReason.MediaFailure);
            }
        }
    }
}
