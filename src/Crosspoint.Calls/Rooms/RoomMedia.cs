using Crosspoint.Calls.Door;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Rooms;

/// <summary>The media of a room as the door sees it: who owns which transport, producer and consumer, and what others are told about it.</summary>
/// <remarks>
/// The room's mailbox owns it. The media plane is asked first and the books are changed after it agreed; when it reports an end of its own,
/// the books follow. Every question to it has a deadline, so that a stuck worker refuses requests instead of stopping the room.
/// </remarks>
internal sealed class RoomMedia(Room room, RoomContext context) : IAsyncDisposable
{
    private const int MaxConsumersPerPeer = 1024;
    private static readonly TimeSpan PlaneDeadline = TimeSpan.FromSeconds(5);

    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;

    // state
    private readonly Dictionary<string, RoomProducer> _producers = new(StringComparer.Ordinal);
    private IMediaRoom? _plane;
    private int _producerCount;
    private int _audioProducerCount;

    /// <summary>Any thread.</summary>
    internal int ProducerCount => Volatile.Read(ref _producerCount);

    /// <summary>Any thread.</summary>
    internal int AudioProducerCount => Volatile.Read(ref _audioProducerCount);

    internal IEnumerable<RoomProducer> Producers => _producers.Values;

    internal RtpCapabilities RouterRtpCapabilities => _plane?.RouterRtpCapabilities ?? new();

    private bool IsReal => _context.Media.Mode != MediaPlaneMode.ControlOnly;

    /// <summary>Makes the room's media side if there is none; the refusal when that is impossible now.</summary>
    internal async ValueTask<Outcome?> EnsureAsync()
    {
        if (_plane is not null)
        {
            return default(Outcome?);
        }

        Outcome outcome = await AskAsync(async token =>
        {
            _plane = await _context.Media.CreateRoomAsync(_room.Id, token);
            _ = PumpAsync(_plane);
            return Outcome.Done;
        });
        return outcome.Error is null ? default(Outcome?) : outcome;
    }

    // --- transports ---

    internal async ValueTask<Outcome> CreateTransportAsync(Request request, Peer peer, TransportCreatePayload payload)
    {
        if (await EnsureAsync() is { } problem)
        {
            return problem;
        }

        int limit = _context.Options.Limits.TransportsPerPeer;
        if (peer.Transports.Count >= limit && !await EvictDeadTransportAsync(peer))
        {
            return Outcome.Refused(ErrorCodes.RateLimited, "Too many transports", new() { Limit = limit });
        }

        return await AskAsync(async token =>
        {
            TransportDescription made = await _plane!.CreateTransportAsync(payload.Direction, token);
            peer.Transports[made.Id] = new(made.Id, payload.Direction);
            request.Connection.SendDirect(MessageTypes.TransportCreated, Describe(made, payload), CallsJson.Default.TransportCreatedPayload);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> ConnectTransportAsync(Peer peer, TransportConnectPayload payload)
    {
        if (!peer.Transports.ContainsKey(payload.TransportId))
        {
            return NoTransport;
        }

        if (IsReal && payload.DtlsParameters.Fingerprints.Count == 0)
        {
            return new PayloadProblem("$.dtlsParameters.fingerprints", "At least one fingerprint is needed.").ToError();
        }

        return await AskAsync(async token =>
        {
            await _plane!.ConnectTransportAsync(payload.TransportId, payload.DtlsParameters, token);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> RestartIceAsync(Request request, Peer peer, IceRestartPayload payload)
    {
        IceRestartPolicy policy = payload.Policy ?? IceRestartPolicy.Relay;
        if (payload.TransportId is not { } transportId)
        {
            request.Connection.SendDirect(MessageTypes.IceRestartOk, new() { RoomId = _room.Id, Policy = policy }, CallsJson.Default.IceRestartOkPayload);
            return Outcome.Done;
        }

        if (!peer.Transports.ContainsKey(transportId))
        {
            return NoTransport;
        }

        return await AskAsync(async token =>
        {
            IceParameters parameters = await _plane!.RestartIceAsync(transportId, token);
            request.Connection.SendDirect(
                MessageTypes.IceRestartOk,
                new() { RoomId = _room.Id, Policy = policy, TransportId = transportId, IceParameters = parameters },
                CallsJson.Default.IceRestartOkPayload);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> TellStatisticsAsync(Request request, Peer peer, TransportStatsGetPayload payload)
    {
        if (!peer.Transports.ContainsKey(payload.TransportId))
        {
            return NoTransport;
        }

        return await AskAsync(async token =>
        {
            TransportStatistics figures = await _plane!.GetStatisticsAsync(payload.TransportId, token);
            request.Connection.SendDirect(MessageTypes.TransportStats, Describe(payload.TransportId, figures), CallsJson.Default.TransportStatsPayload);
            return Outcome.Done;
        });
    }

    // --- producers ---

    internal async ValueTask<Outcome> ProduceAsync(Request request, Peer peer, ProducePayload payload)
    {
        if (!peer.Transports.TryGetValue(payload.TransportId, out RoomTransport? transport))
        {
            return NoTransport;
        }

        if (transport.Direction != TransportDirection.Send)
        {
            return new PayloadProblem("$.transportId", "This transport receives.").ToError();
        }

        if (IsReal && payload.RtpParameters.Codecs.Count == 0 && payload.RtpParameters.Encodings.Count == 0)
        {
            return new PayloadProblem("$.rtpParameters", "Codecs or encodings are needed.").ToError();
        }

        int limit = _context.Options.Limits.ProducersPerPeer;
        if (_producers.Values.Count(producer => producer.Owner == peer) >= limit)
        {
            return Outcome.Refused(ErrorCodes.RateLimited, "Too many producers", new() { Limit = limit });
        }

        return await AskAsync(async token =>
        {
            ProducerDescription made = await _plane!.ProduceAsync(payload.TransportId, payload.Kind, payload.RtpParameters, payload.Paused == true, token);
            RoomProducer producer = Book(made.Id, peer, payload);
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

    internal async ValueTask<Outcome> SetProducerPausedAsync(Peer peer, string producerId, bool paused)
    {
        if (FindOwn(peer, producerId) is not { } producer)
        {
            return NoProducer;
        }

        return await AskAsync(async token =>
        {
            await _plane!.SetProducerPausedAsync(producerId, paused, token);
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

    internal async ValueTask<Outcome> CloseProducerAsync(Peer peer, string producerId)
    {
        if (FindOwn(peer, producerId) is not { } producer)
        {
            return NoProducer;
        }

        return await AskAsync(async token =>
        {
            await _plane!.CloseProducerAsync(producerId, token);
            Unbook(producer, ProducerRemovedReason.ClientClose, except: peer);
            return Outcome.State("closed", _room.Version);
        });
    }

    // --- consumers ---

    internal async ValueTask<Outcome> ConsumeAsync(Request request, Peer peer, ConsumePayload payload)
    {
        if (!_producers.TryGetValue(payload.ProducerId, out RoomProducer? producer))
        {
            return NoProducer;
        }

        RoomTransport? transport = payload.TransportId is { } named
            ? peer.Transports.GetValueOrDefault(named)
            : peer.Transports.Values.FirstOrDefault(candidate => candidate.Direction == TransportDirection.Recv);
        if (transport is null && (IsReal || payload.TransportId is not null))
        {
            return NoTransport;
        }

        if (IsReal && payload.RtpCapabilities.Codecs.Count == 0)
        {
            return new PayloadProblem("$.rtpCapabilities.codecs", "At least one codec is needed.").ToError();
        }

        if (peer.Consumers.Count >= MaxConsumersPerPeer)
        {
            return Outcome.Refused(ErrorCodes.RateLimited, "Too many consumers", new() { Limit = MaxConsumersPerPeer });
        }

        return await AskAsync(async token =>
        {
            ConsumerDescription made = await _plane!.ConsumeAsync(transport?.Id ?? "", producer.Id, payload.RtpCapabilities, payload.Paused == true, token);
            RoomConsumer consumer = new(made.Id, producer, transport?.Id) { IsPaused = payload.Paused == true };
            peer.Consumers[made.Id] = consumer;
            request.Connection.SendDirect(MessageTypes.ConsumerAdded, Describe(peer, consumer, made), CallsJson.Default.ConsumerAddedPayload);
            _context.Metrics.Consumed(producer.Kind);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> SetConsumerPausedAsync(Peer peer, string consumerId, bool paused)
    {
        if (!peer.Consumers.TryGetValue(consumerId, out RoomConsumer? consumer))
        {
            return NoConsumer;
        }

        Outcome outcome = await AskAsync(async token =>
        {
            await _plane!.SetConsumerPausedAsync(consumerId, paused, token);
            consumer.IsPaused = paused;
            return Outcome.State(paused ? "paused" : "active");
        });

        // The contract names this failure; which worker it was is for the log.
        return outcome.Error is { Code: ErrorCodes.SfuNotReady or ErrorCodes.InternalError } && !paused
            ? Outcome.Refused(ErrorCodes.ConsumerResumeFailed, "The consumer could not be resumed")
            : outcome;
    }

    internal async ValueTask<Outcome> CloseConsumerAsync(Peer peer, string consumerId)
    {
        if (!peer.Consumers.ContainsKey(consumerId))
        {
            return NoConsumer;
        }

        return await AskAsync(async token =>
        {
            await _plane!.CloseConsumerAsync(consumerId, token);
            peer.Consumers.Remove(consumerId);
            return Outcome.State("closed");
        });
    }

    // --- ends ---

    /// <summary>A peer leaves: whatever it had goes with it.</summary>
    internal async ValueTask RemovePeerAsync(Peer peer)
    {
        foreach (RoomProducer producer in _producers.Values.Where(producer => producer.Owner == peer).ToArray())
        {
            Unbook(producer, ProducerRemovedReason.PeerLeft, except: peer);
        }

        peer.Consumers.Clear();
        foreach (string transportId in peer.Transports.Keys.ToArray())
        {
            await QuietlyAsync(token => _plane!.CloseTransportAsync(transportId, token));
        }

        peer.Transports.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is { } plane)
        {
            _plane = null;
            await plane.DisposeAsync();
        }
    }

    // --- what the plane reports ---

    private async Task PumpAsync(IMediaRoom plane)
    {
        try
        {
            await foreach (MediaNotification notification in plane.Notifications.ReadAllAsync())
            {
                _room.Post(() => OnNotificationAsync(plane, notification));
            }
        }
        catch (Exception exception)
        {
            _context.Log.LogWarning(exception, "The media plane gave up room {RoomId}", _room.Id);
        }

        _room.Post(() => OnPlaneLostAsync(plane));
    }

    private ValueTask OnNotificationAsync(IMediaRoom plane, MediaNotification notification)
    {
        if (plane == _plane)
        {
            switch (notification)
            {
                case TransportStateChanged changed:
                    OnTransportState(changed);
                    break;
                case ActiveSpeakersChanged changed:
                    OnSpeakers(changed);
                    break;
                case ProducerClosed closed when _producers.TryGetValue(closed.ProducerId, out RoomProducer? producer):
                    Unbook(producer, ReasonOf(closed.Reason));
                    break;
                case ConsumerClosed closed:
                    OnConsumerClosed(closed.ConsumerId);
                    break;
                default:
                    break;
            }
        }

        return ValueTask.CompletedTask;
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
            ForgetTransport(owner, changed.TransportId, ProducerRemovedReason.TransportClosed, ConsumerClosedReason.TransportClosed);
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
            Speakers =
            [
                .. changed.Speakers.Where(level => _producers.ContainsKey(level.ProducerId)).Select(level => new ActiveSpeaker
                {
                    ProducerId = level.ProducerId,
                    DeviceId = _producers[level.ProducerId].Owner.DeviceId,
                    LevelDbov = Math.Clamp(level.LevelDbov, -127, 0),
                }),
            ],
        },
        CallsJson.Default.ActiveSpeakersPayload);

    private void OnConsumerClosed(string consumerId)
    {
        if (_room.Peers.FirstOrDefault(peer => peer.Consumers.ContainsKey(consumerId)) is { } owner)
        {
            DropConsumer(owner, owner.Consumers[consumerId], ConsumerClosedReason.MediaFailure);
        }
    }

    // The worker died. The room lives on without media; the next TRANSPORT_CREATE gets a new plane.
    private ValueTask OnPlaneLostAsync(IMediaRoom plane)
    {
        if (plane != _plane)
        {
            return ValueTask.CompletedTask;
        }

        _plane = null;
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
                ForgetTransport(peer, transportId, ProducerRemovedReason.MediaFailure, ConsumerClosedReason.MediaFailure);
            }
        }

        return plane.DisposeAsync();
    }

    // --- the books ---

    private RoomProducer Book(string id, Peer peer, ProducePayload payload)
    {
        MediaSource source = payload.EffectiveSource;
        int generation = peer.Generations[source] = peer.Generations.GetValueOrDefault(source) + 1;
        RoomProducer producer = new(id, peer, payload.TransportId, payload.Kind, source, generation, _context.Frames.Now) { IsPaused = payload.Paused == true };
        _producers[id] = producer;
        CountProducers();
        return producer;
    }

    private void Unbook(RoomProducer producer, ProducerRemovedReason reason, Peer? except = null)
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

    private void DropConsumer(Peer peer, RoomConsumer consumer, ConsumerClosedReason reason)
    {
        peer.Consumers.Remove(consumer.Id);
        _room.Tell(
            peer,
            MessageTypes.ConsumerClosed,
            new() { RoomId = _room.Id, ConsumerId = consumer.Id, ProducerId = consumer.Producer.Id, Reason = reason },
            CallsJson.Default.ConsumerClosedPayload);
    }

    private void ForgetTransport(Peer peer, string transportId, ProducerRemovedReason producersBecause, ConsumerClosedReason consumersBecause)
    {
        peer.Transports.Remove(transportId);
        foreach (RoomProducer producer in _producers.Values.Where(producer => producer.Owner == peer && producer.TransportId == transportId).ToArray())
        {
            Unbook(producer, producersBecause);
        }

        foreach (RoomConsumer consumer in peer.Consumers.Values.Where(consumer => consumer.TransportId == transportId).ToArray())
        {
            DropConsumer(peer, consumer, consumersBecause);
        }
    }

    // A client that rebuilt its transports after a failure need not know about the dead ones.
    private async ValueTask<bool> EvictDeadTransportAsync(Peer peer)
    {
        RoomTransport? dead = peer.Transports.Values.FirstOrDefault(transport => transport.State is TransportConnectionState.Failed or TransportConnectionState.Disconnected);
        if (dead is null)
        {
            return false;
        }

        ForgetTransport(peer, dead.Id, ProducerRemovedReason.TransportClosed, ConsumerClosedReason.TransportClosed);
        await QuietlyAsync(token => _plane!.CloseTransportAsync(dead.Id, token));
        return true;
    }

    private RoomProducer? FindOwn(Peer peer, string producerId) =>
        _producers.TryGetValue(producerId, out RoomProducer? producer) && producer.Owner == peer ? producer : null;

    // --- asking the plane ---

    private async ValueTask<Outcome> AskAsync(Func<CancellationToken, ValueTask<Outcome>> question)
    {
        using CancellationTokenSource deadline = new(PlaneDeadline, _context.Time);
        try
        {
            return await question(deadline.Token);
        }
        catch (MediaPlaneException exception)
        {
            _context.Metrics.MediaRefused(exception.Code);
            return Outcome.Refused(exception);
        }
        catch (OperationCanceledException)
        {
            _context.Metrics.MediaRefused("deadline");
            return Outcome.Refused(ErrorCodes.SfuNotReady, "The media plane did not answer in time");
        }
    }

    private async ValueTask QuietlyAsync(Func<CancellationToken, ValueTask> request)
    {
        if (_plane is null)
        {
            return;
        }

        using CancellationTokenSource deadline = new(PlaneDeadline, _context.Time);
        try
        {
            await request(deadline.Token);
        }
        catch (Exception exception) when (exception is MediaPlaneException or OperationCanceledException)
        {
            _context.Metrics.MediaRefused("cleanup");
        }
    }

    // --- shapes ---

    private static Outcome NoTransport => Outcome.Refused(ErrorCodes.TransportNotFound, "No such transport of this connection");

    private static Outcome NoProducer => Outcome.Refused(ErrorCodes.ProducerNotFound, "No such producer");

    private static Outcome NoConsumer => Outcome.Refused(ErrorCodes.ConsumerNotFound, "No such consumer of this connection");

    private static ProducerRemovedReason ReasonOf(string word) => word switch
    {
        "SFRAME_TRACE_UNAVAILABLE" => ProducerRemovedReason.SframeTraceUnavailable,
        "SFRAME_FRAMES_TOO_SMALL" => ProducerRemovedReason.SframeFramesTooSmall,
        "TRANSPORT_CLOSED" => ProducerRemovedReason.TransportClosed,
        _ => ProducerRemovedReason.MediaFailure,
    };

    private TransportCreatedPayload Describe(TransportDescription made, TransportCreatePayload asked) => new()
    {
        RoomId = _room.Id,
        TransportId = made.Id,
        Direction = asked.Direction,
        IceParameters = made.IceParameters,
        IceCandidates = asked.ForceTcp == true ? [.. made.IceCandidates.Where(candidate => candidate.Protocol == IceProtocol.Tcp)] : made.IceCandidates,
        DtlsParameters = made.DtlsParameters,
    };

    private ProducerAddedPayload Describe(RoomProducer producer, long version) => new()
    {
        RoomId = _room.Id,
        RoomVersion = version,
        ProducerId = producer.Id,
        PeerDeviceId = producer.Owner.DeviceId,
        Kind = producer.Kind,
        Producer = producer.Describe(),
    };

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

    private TransportStatsPayload Describe(string transportId, TransportStatistics figures) => new()
    {
        RoomId = _room.Id,
        TransportId = transportId,
        State = figures.State,
        Timestamp = _context.Frames.Now,
        PacketsReceived = figures.PacketsReceived,
        PacketsSent = figures.PacketsSent,
        BytesReceived = figures.BytesReceived,
        BytesSent = figures.BytesSent,
        PacketsLost = figures.PacketsLost,
        RemotePacketsLost = figures.RemotePacketsLost,
        PacketsRetransmitted = figures.PacketsRetransmitted,
        FractionLost = figures.FractionLost,
        RttMs = figures.RttMs,
        JitterMs = figures.JitterMs,
        Drops = figures.Drops,
        Protocol = figures.Protocol,
        SrtpProfile = figures.SrtpProfile,
    };
}
