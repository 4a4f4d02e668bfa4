using System.Threading.Channels;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Conformance.Tests.Support;

/// <summary>A plane that claims to be real, answers like the control-only one, and does what a test tells it.</summary>
public sealed class ScriptedMediaPlane : IMediaPlane
{
    private readonly ControlOnlyMediaPlane _inner = new();

    public MediaPlaneMode Mode => MediaPlaneMode.Native;

    public Action? OnCreateTransport { get; set; }

    /// <summary>A room of this id is about to be closed.</summary>
    public Action<string>? OnCloseRoom { get; set; }

    public int AliveWorkers { get; set; } = 2;

    public bool IsOverloaded { get; set; }

    /// <summary>What the last room was made with.</summary>
    public IReadOnlyList<string>? Codecs { get; private set; }

    public ScriptedMediaRoom? Room { get; private set; }

    public MediaPlaneSnapshot Snapshot() => _inner.Snapshot() with { WorkerCount = 2, AliveWorkerCount = AliveWorkers, IsOverloaded = IsOverloaded };

    public async ValueTask<IMediaRoom> CreateRoomAsync(string roomId, IReadOnlyList<string>? codecs, bool isEncrypted, CancellationToken cancellationToken)
    {
        Codecs = codecs;
        return Room = new ScriptedMediaRoom(await _inner.CreateRoomAsync(roomId, codecs, isEncrypted, cancellationToken), this, roomId);
    }
}

public sealed class ScriptedMediaRoom(IMediaRoom inner, ScriptedMediaPlane plane, string roomId) : IMediaRoom
{
    private readonly Channel<MediaNotification> _notifications = Channel.CreateUnbounded<MediaNotification>();

    public RtpCapabilities RouterRtpCapabilities => inner.RouterRtpCapabilities;

    public ChannelReader<MediaNotification> Notifications => _notifications.Reader;

    public void Notify(MediaNotification notification) => _notifications.Writer.TryWrite(notification);

    public void Die() => _notifications.Writer.TryComplete(new InvalidOperationException("worker died"));

    public ValueTask<TransportDescription> CreateTransportAsync(TransportDirection direction, CancellationToken cancellationToken)
    {
        plane.OnCreateTransport?.Invoke();
        return inner.CreateTransportAsync(direction, cancellationToken);
    }

    public ValueTask ConnectTransportAsync(string transportId, DtlsParameters dtls, CancellationToken cancellationToken) => inner.ConnectTransportAsync(transportId, dtls, cancellationToken);

    public ValueTask<IceParameters> RestartIceAsync(string transportId, CancellationToken cancellationToken) => inner.RestartIceAsync(transportId, cancellationToken);

    public ValueTask CloseTransportAsync(string transportId, CancellationToken cancellationToken) => inner.CloseTransportAsync(transportId, cancellationToken);

    public ValueTask<ProducerDescription> ProduceAsync(string transportId, MediaKind kind, RtpParameters rtp, bool paused, CancellationToken cancellationToken) => inner.ProduceAsync(transportId, kind, rtp, paused, cancellationToken);

    public ValueTask<ConsumerDescription> ConsumeAsync(string transportId, string producerId, RtpCapabilities capabilities, bool paused, CancellationToken cancellationToken) =>
        capabilities.Codecs.Any(codec => codec.MimeType == "video/never")
            ? throw new MediaPlaneException(ErrorCodes.CannotConsume, "These capabilities cannot receive this producer")
            : inner.ConsumeAsync(transportId, producerId, capabilities, paused, cancellationToken);

    public ValueTask SetProducerPausedAsync(string producerId, bool paused, CancellationToken cancellationToken) => inner.SetProducerPausedAsync(producerId, paused, cancellationToken);

    public ValueTask SetConsumerPausedAsync(string consumerId, bool paused, CancellationToken cancellationToken) => inner.SetConsumerPausedAsync(consumerId, paused, cancellationToken);

    /// <summary>What the door asked of the layers, in order.</summary>
    public List<string> Wishes { get; } = [];

    public ValueTask SetPreferredLayersAsync(string consumerId, VideoLayers? preferred, CancellationToken cancellationToken)
    {
        Wishes.Add(preferred is null ? "layers any" : $"layers {preferred.SpatialLayer}/{preferred.TemporalLayer}");
        return inner.SetPreferredLayersAsync(consumerId, preferred, cancellationToken);
    }

    public ValueTask SetPriorityAsync(string consumerId, byte priority, CancellationToken cancellationToken)
    {
        Wishes.Add($"priority {priority}");
        return inner.SetPriorityAsync(consumerId, priority, cancellationToken);
    }

    public ValueTask SetLimitsAsync(string transportId, int? lastN, int? maxVideo, CancellationToken cancellationToken)
    {
        Wishes.Add($"limits {lastN}/{maxVideo}");
        return inner.SetLimitsAsync(transportId, lastN, maxVideo, cancellationToken);
    }

    /// <summary>What the room ordered of an encrypted room's media, in order.</summary>
    public List<string> Orders { get; } = [];

    public ValueTask SetFrameEpochsAsync(ulong current, ulong oldest, CancellationToken cancellationToken) => Order($"epochs {oldest}-{current}");

    public ValueTask SetFrameLeafAsync(string producerId, int leaf, MediaKind kind, MediaSource source, CancellationToken cancellationToken) => Order($"leaf {leaf} {source}");

    public ValueTask SetForwardingAsync(string transportId, bool isForwarded, CancellationToken cancellationToken) => Order($"{(isForwarded ? "forward" : "cut")} {transportId}");

    public ValueTask RequestKeyframesAsync(CancellationToken cancellationToken) => Order("keyframes");

    private ValueTask Order(string what)
    {
        lock (Orders)
        {
            Orders.Add(what);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseProducerAsync(string producerId, CancellationToken cancellationToken) => inner.CloseProducerAsync(producerId, cancellationToken);

    public ValueTask CloseConsumerAsync(string consumerId, CancellationToken cancellationToken) => inner.CloseConsumerAsync(consumerId, cancellationToken);

    public ValueTask<TransportStatistics> GetStatisticsAsync(string transportId, CancellationToken cancellationToken) => inner.GetStatisticsAsync(transportId, cancellationToken);

    public ValueTask DisposeAsync()
    {
        plane.OnCloseRoom?.Invoke(roomId);
        _notifications.Writer.TryComplete();
        return inner.DisposeAsync();
    }
}
