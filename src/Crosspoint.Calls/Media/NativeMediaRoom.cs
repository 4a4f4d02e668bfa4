using System.Threading.Channels;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Encryption;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.SFrame;
using Crosspoint.Workers;
using PeerState = Crosspoint.Rtc.Peer.PeerState;

namespace Crosspoint.Calls.Media;

/// <summary>A room's router on the worker pool; translates the workers' words into the door's.</summary>
/// <remarks>Called from the room's mailbox; notifications are translated on the thread pool, in order.</remarks>
internal sealed class NativeMediaRoom : IMediaRoom
{
    // A room that is behind leaves the rest in the router's channel, which is bounded and counts what it drops.
    private const int Backlog = 64;

    private readonly RouterHandle _router;
    private readonly Channel<MediaNotification> _notifications =
        Channel.CreateBounded<MediaNotification>(new BoundedChannelOptions(Backlog) { SingleReader = true, SingleWriter = true });

    public NativeMediaRoom(RouterHandle router)
    {
        _router = router;
        _ = TranslateAsync();
    }

    public RtpCapabilities RouterRtpCapabilities => _router.Capabilities;

    public ChannelReader<MediaNotification> Notifications => _notifications.Reader;

    public async ValueTask<TransportDescription> CreateTransportAsync(TransportDirection direction, CancellationToken cancellationToken)
    {
        TransportOffer offer = await Ask(_router.CreateTransportAsync(), cancellationToken);
        return new TransportDescription(offer.Id, offer.Ice, offer.Candidates, offer.Dtls);
    }

    public async ValueTask ConnectTransportAsync(string transportId, DtlsParameters dtls, CancellationToken cancellationToken) =>
        await Do(_router.ConnectTransportAsync(transportId, dtls), cancellationToken);

    public async ValueTask<IceParameters> RestartIceAsync(string transportId, CancellationToken cancellationToken) =>
        await Ask(_router.RestartIceAsync(transportId), cancellationToken);

    public async ValueTask CloseTransportAsync(string transportId, CancellationToken cancellationToken) =>
        await Do(_router.CloseTransportAsync(transportId), cancellationToken);

    public async ValueTask<ProducerDescription> ProduceAsync(string transportId, MediaKind kind, RtpParameters rtp, bool paused, CancellationToken cancellationToken) =>
        new(await Ask(_router.ProduceAsync(transportId, kind, rtp, paused), cancellationToken));

    public async ValueTask<ConsumerDescription> ConsumeAsync(string transportId, string producerId, RtpCapabilities capabilities, bool paused, CancellationToken cancellationToken)
    {
        ConsumerOffer offer = await Ask(_router.ConsumeAsync(transportId, producerId, capabilities, paused), cancellationToken);
        return new ConsumerDescription(offer.Id, offer.Rtp, offer.Type, offer.ProducerPaused);
    }

    public async ValueTask SetProducerPausedAsync(string producerId, bool paused, CancellationToken cancellationToken) =>
        await Do(_router.SetProducerPausedAsync(producerId, paused), cancellationToken);

    public async ValueTask SetConsumerPausedAsync(string consumerId, bool paused, CancellationToken cancellationToken) =>
        await Do(_router.SetConsumerPausedAsync(consumerId, paused), cancellationToken);

    public async ValueTask SetPreferredLayersAsync(string consumerId, VideoLayers? preferred, CancellationToken cancellationToken) =>
        await Do(_router.SetPreferredLayersAsync(consumerId, QualityWords.Layer(preferred)), cancellationToken);

    public async ValueTask SetPriorityAsync(string consumerId, byte priority, CancellationToken cancellationToken) =>
        await Do(_router.SetPriorityAsync(consumerId, priority), cancellationToken);

    public async ValueTask SetLimitsAsync(string transportId, int? lastN, int? maxVideo, CancellationToken cancellationToken) =>
        await Do(_router.SetLimitsAsync(transportId, new(lastN, maxVideo)), cancellationToken);

    public async ValueTask SetFrameEpochsAsync(ulong current, ulong oldest, CancellationToken cancellationToken) =>
        await Do(_router.SetFrameEpochsAsync(FrameEpochs.Of(current, oldest)), cancellationToken);

    public async ValueTask SetFrameLeafAsync(string producerId, int leaf, MediaKind kind, MediaSource source, CancellationToken cancellationToken) =>
        await Do(_router.SetFrameLeafAsync(producerId, leaf, KindOf(kind, source)), cancellationToken);

    public async ValueTask SetForwardingAsync(string transportId, bool isForwarded, CancellationToken cancellationToken) =>
        await Do(_router.SetForwardingAsync(transportId, isForwarded, isForwarded), cancellationToken);

    public async ValueTask RequestKeyframesAsync(CancellationToken cancellationToken) => await Do(_router.RequestKeyFramesAsync(), cancellationToken);

    public async ValueTask CloseProducerAsync(string producerId, CancellationToken cancellationToken) =>
        await Do(_router.CloseProducerAsync(producerId), cancellationToken);

    public async ValueTask CloseConsumerAsync(string consumerId, CancellationToken cancellationToken) =>
        await Do(_router.CloseConsumerAsync(consumerId), cancellationToken);

    public async ValueTask<TransportStatistics> GetStatisticsAsync(string transportId, CancellationToken cancellationToken)
    {
        TransportFigures figures = await Ask(_router.GetTransportFiguresAsync(transportId), cancellationToken);
        return new TransportStatistics
        {
            State = StateOf(figures.State),
            PacketsReceived = figures.RtpPacketsReceived,
            PacketsSent = figures.RtpPacketsSent,
            BytesReceived = figures.BytesReceived,
            BytesSent = figures.BytesSent,
            PacketsLost = figures.PacketsLost,
            PacketsRetransmitted = figures.PacketsRetransmitted,
            PacketsRepaired = figures.PacketsRepaired,
            NacksSent = figures.NacksSent,
            NacksReceived = figures.NacksReceived,
            RepairPacketsSent = figures.RepairPacketsSent,
            RemotePacketsLost = figures.RemotePacketsLost,
            RttMs = figures.RoundTripTime?.TotalMilliseconds,
            JitterMs = figures.Jitter?.TotalMilliseconds,
            FractionLost = figures.FractionLost,
            Protocol = figures.SelectedPair is null ? null : figures.SelectedPair.Contains("tcp", StringComparison.OrdinalIgnoreCase) ? "tcp" : "udp",
        };
    }

    public async ValueTask DisposeAsync()
    {
        _notifications.Writer.TryComplete();
        await _router.DisposeAsync();
    }

    internal static MediaPlaneException Stopped() => new("SFU_NOT_READY", "The media worker of this room has stopped.", retryable: true);

    private async Task TranslateAsync()
    {
        await foreach (RouterNotification notification in _router.Notifications.ReadAllAsync())
        {
            // False once the room is gone: then nobody listens any more.
            if (Translate(notification) is { } translated && await _notifications.Writer.WaitToWriteAsync())
            {
                _notifications.Writer.TryWrite(translated);
            }
        }

        _notifications.Writer.TryComplete(_router.IsWorkerAlive ? null : Stopped());
    }

    private static MediaNotification? Translate(RouterNotification notification) => notification switch
    {
        RouterNotification.TransportChanged changed => new TransportStateChanged(changed.TransportId, StateOf(changed.State), Word(changed.Reason), changed.HandshakeTime),
        RouterNotification.SpeakersChanged changed => new ActiveSpeakersChanged([.. changed.Speakers.Select(speaker => new SpeakerLevel(speaker.ProducerId, speaker.LevelDbov))]),
        RouterNotification.DominantSpeakerChanged changed => new DominantSpeakerChanged(changed.ProducerId),
        RouterNotification.ProducerClosed closed => new ProducerClosed(closed.ProducerId, closed.Reason),
        RouterNotification.ConsumerClosed closed => new ConsumerClosed(closed.ConsumerId, closed.Reason),
        RouterNotification.FramesRefused refused => new FramesRefused(refused.ProducerId),
        _ => QualityWords.Translate(notification),
    };

    private static SFrameKind KindOf(MediaKind kind, MediaSource source) => (kind, source) switch
    {
        (MediaKind.Audio, MediaSource.Screen) => SFrameKind.ScreenAudio,
        (MediaKind.Audio, _) => SFrameKind.Audio,
        (_, MediaSource.Screen) => SFrameKind.Screen,
        _ => SFrameKind.Camera,
    };

    private static TransportConnectionState StateOf(PeerState state) => state switch
    {
        PeerState.Connected => TransportConnectionState.Connected,
        PeerState.Disconnected => TransportConnectionState.Disconnected,
        PeerState.Failed => TransportConnectionState.Failed,
        PeerState.Closed => TransportConnectionState.Closed,
        _ => TransportConnectionState.Connecting,
    };

    private static string Word(PeerReason reason) => reason switch
    {
        PeerReason.None => "",
        PeerReason.IceChecksFailed => "ice-checks-failed",
        PeerReason.IceConsentExpired => "ice-consent-expired",
        PeerReason.DtlsTimeout => "dtls-timeout",
        PeerReason.DtlsFingerprintMismatch => "dtls-fingerprint-mismatch",
        PeerReason.DtlsFailed => "dtls-failed",
        PeerReason.ClosedByPeer => "closed-by-peer",
        PeerReason.ClosedByUs => "closed-by-server",
        PeerReason.Abandoned => "abandoned",
        _ => "internal-error",
    };

    // A worker that hangs must not hang the room: the door's deadline ends the waiting.
    private static async Task Do(Task verb, CancellationToken deadline)
    {
        try
        {
            await verb.WaitAsync(deadline);
        }
        catch (RouterException exception)
        {
            throw Translate(exception);
        }
        catch (WorkerStoppedException)
        {
            throw Stopped();
        }
    }

    private static async Task<T> Ask<T>(Task<T> verb, CancellationToken deadline)
    {
        await Do(verb, deadline);
        return await verb;
    }

    internal static MediaPlaneException Translate(RouterException exception) => exception.Error switch
    {
        RouterError.TransportNotFound => new("TRANSPORT_NOT_FOUND", exception.Message),
        RouterError.ProducerNotFound => new("PRODUCER_NOT_FOUND", exception.Message),
        RouterError.ConsumerNotFound => new("CONSUMER_NOT_FOUND", exception.Message),
        RouterError.CannotConsume => new("CANNOT_CONSUME", exception.Message),
        RouterError.Overloaded => new("NODE_FULL", exception.Message, retryable: true) { RetryAfter = exception.RetryAfter },
        RouterError.LimitReached => new("SFU_NOT_READY", exception.Message, retryable: true),
        _ => new("VALIDATION_FAILED", exception.Message),
    };
}
