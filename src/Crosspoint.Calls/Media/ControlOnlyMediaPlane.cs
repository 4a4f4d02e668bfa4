using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Media;

/// <summary>SFU_MEDIA=off, the runbook's "fallback": every verb is answered in shape, with stub ICE and an all-zero fingerprint, and no media flows.</summary>
/// <remarks>Any thread. It counts what it was asked for, so that metrics tell the truth about the control plane.</remarks>
public sealed class ControlOnlyMediaPlane : IMediaPlane
{
    // state
    private readonly ConcurrentDictionary<ControlOnlyMediaRoom, byte> _rooms = new();

    /// <inheritdoc/>
    public MediaPlaneMode Mode => MediaPlaneMode.ControlOnly;

    /// <inheritdoc/>
    public MediaPlaneSnapshot Snapshot() => new()
    {
        RoomCount = _rooms.Count,
        TransportCount = _rooms.Keys.Sum(room => room.TransportCount),
        ProducerCount = _rooms.Keys.Sum(room => room.ProducerCount),
        ConsumerCount = _rooms.Keys.Sum(room => room.ConsumerCount),
    };

    /// <inheritdoc/>
    public ValueTask<IMediaRoom> CreateRoomAsync(string roomId, IReadOnlyList<string>? codecs, bool isEncrypted, CancellationToken cancellationToken)
    {
        ControlOnlyMediaRoom room = new(closed => _rooms.TryRemove(closed, out _));
        _rooms.TryAdd(room, 0);
        return ValueTask.FromResult<IMediaRoom>(room);
    }
}

/// <summary>One room of <see cref="ControlOnlyMediaPlane"/>: ids and nothing behind them.</summary>
/// <remarks>Called from one room's mailbox; the counts may be read by any thread.</remarks>
internal sealed class ControlOnlyMediaRoom(Action<ControlOnlyMediaRoom> onDisposed) : IMediaRoom
{
    private static readonly RtpCapabilities Capabilities = new()
    {
        Codecs =
        [
            new() { Kind = MediaKind.Audio, MimeType = "audio/opus", ClockRate = 48_000, Channels = 2, PreferredPayloadType = 100 },
            new() { Kind = MediaKind.Video, MimeType = "video/VP8", ClockRate = 90_000, PreferredPayloadType = 101 },
        ],
    };

    // given to me
    private readonly Action<ControlOnlyMediaRoom> _onDisposed = onDisposed;

    // state
    private readonly ConcurrentDictionary<string, TransportDirection> _transports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StubProducer> _producers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StubConsumer> _consumers = new(StringComparer.Ordinal);
    private readonly Channel<MediaNotification> _notifications = Channel.CreateUnbounded<MediaNotification>();

    public RtpCapabilities RouterRtpCapabilities => Capabilities;

    public ChannelReader<MediaNotification> Notifications => _notifications.Reader;

    internal int TransportCount => _transports.Count;

    internal int ProducerCount => _producers.Count;

    internal int ConsumerCount => _consumers.Count;

    public ValueTask<TransportDescription> CreateTransportAsync(TransportDirection direction, CancellationToken cancellationToken)
    {
        string id = NewId();
        _transports[id] = direction;
        DtlsFingerprint placeholder = new() { Algorithm = "sha-256", Value = string.Join(':', Enumerable.Repeat("00", 32)) };
        return ValueTask.FromResult(new TransportDescription(id, NewIce(), [], new() { Role = DtlsRole.Auto, Fingerprints = [placeholder] }));
    }

    public ValueTask ConnectTransportAsync(string transportId, DtlsParameters dtls, CancellationToken cancellationToken)
    {
        RequireTransport(transportId);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IceParameters> RestartIceAsync(string transportId, CancellationToken cancellationToken)
    {
        RequireTransport(transportId);
        return ValueTask.FromResult(NewIce());
    }

    public ValueTask CloseTransportAsync(string transportId, CancellationToken cancellationToken)
    {
        _transports.TryRemove(transportId, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ProducerDescription> ProduceAsync(string transportId, MediaKind kind, RtpParameters rtp, bool paused, CancellationToken cancellationToken)
    {
        RequireTransport(transportId);
        string id = NewId();
        _producers[id] = new(rtp, paused);
        return ValueTask.FromResult(new ProducerDescription(id));
    }

    public ValueTask<ConsumerDescription> ConsumeAsync(string transportId, string producerId, RtpCapabilities capabilities, bool paused, CancellationToken cancellationToken)
    {
        if (!_producers.TryGetValue(producerId, out StubProducer? producer))
        {
            throw new MediaPlaneException(ErrorCodes.ProducerNotFound, "No such producer");
        }

        string id = NewId();
        _consumers[id] = new(producerId);
        return ValueTask.FromResult(new ConsumerDescription(id, producer.RtpParameters, "simple", producer.Paused));
    }

    public ValueTask SetProducerPausedAsync(string producerId, bool paused, CancellationToken cancellationToken)
    {
        _producers[producerId] = _producers.TryGetValue(producerId, out StubProducer? producer)
            ? producer with { Paused = paused }
            : throw new MediaPlaneException(ErrorCodes.ProducerNotFound, "No such producer");
        return ValueTask.CompletedTask;
    }

    public ValueTask SetConsumerPausedAsync(string consumerId, bool paused, CancellationToken cancellationToken) => RequireConsumer(consumerId);

    public ValueTask SetPreferredLayersAsync(string consumerId, VideoLayers? preferred, CancellationToken cancellationToken) => RequireConsumer(consumerId);

    public ValueTask SetPriorityAsync(string consumerId, byte priority, CancellationToken cancellationToken) => RequireConsumer(consumerId);

    public ValueTask SetLimitsAsync(string transportId, int? lastN, int? maxVideo, CancellationToken cancellationToken)
    {
        RequireTransport(transportId);
        return ValueTask.CompletedTask;
    }

    public ValueTask SetFrameEpochsAsync(ulong current, ulong oldest, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SetFrameLeafAsync(string producerId, int leaf, MediaKind kind, MediaSource source, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SetForwardingAsync(string transportId, bool isForwarded, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask RequestKeyframesAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CloseProducerAsync(string producerId, CancellationToken cancellationToken)
    {
        _producers.TryRemove(producerId, out _);
        foreach ((string consumerId, StubConsumer consumer) in _consumers)
        {
            if (consumer.ProducerId == producerId)
            {
                _consumers.TryRemove(consumerId, out _);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseConsumerAsync(string consumerId, CancellationToken cancellationToken)
    {
        _consumers.TryRemove(consumerId, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<TransportStatistics> GetStatisticsAsync(string transportId, CancellationToken cancellationToken)
    {
        RequireTransport(transportId);
        return ValueTask.FromResult(new TransportStatistics { State = TransportConnectionState.New });
    }

    public ValueTask DisposeAsync()
    {
        _notifications.Writer.TryComplete();
        _onDisposed(this);
        return ValueTask.CompletedTask;
    }

    private void RequireTransport(string transportId)
    {
        if (!_transports.ContainsKey(transportId))
        {
            throw new MediaPlaneException(ErrorCodes.TransportNotFound, "No such transport");
        }
    }

    private ValueTask RequireConsumer(string consumerId) =>
        _consumers.ContainsKey(consumerId) ? ValueTask.CompletedTask : throw new MediaPlaneException(ErrorCodes.ConsumerNotFound, "No such consumer");

    private static IceParameters NewIce() => new()
    {
        UsernameFragment = RandomNumberGenerator.GetHexString(16, lowercase: true),
        Password = RandomNumberGenerator.GetHexString(32, lowercase: true),
        IceLite = true,
    };

    private static string NewId() => Guid.NewGuid().ToString();

    private sealed record StubProducer(RtpParameters RtpParameters, bool Paused);

    private sealed record StubConsumer(string ProducerId);
}
