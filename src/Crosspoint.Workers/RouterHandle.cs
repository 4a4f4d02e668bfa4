using System.Threading.Channels;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Workers.Load;

namespace Crosspoint.Workers;

/// <summary>
/// A router from outside its worker: every verb is a command in the worker's mailbox and completes when the worker has done it.
/// Wrong ids and parameters come back as <see cref="RouterException"/>, a stopped worker as <see cref="WorkerStoppedException"/>.
/// </summary>
/// <remarks>Any thread.</remarks>
public sealed class RouterHandle : IAsyncDisposable
{
    private readonly Worker _worker;
    private readonly HostedRouter _router;
    private readonly Admission _admission;
    private int _disposed;

    internal RouterHandle(Worker worker, HostedRouter router, RtpCapabilities capabilities, ChannelReader<RouterNotification> notifications, Admission admission)
    {
        _worker = worker;
        _router = router;
        Capabilities = capabilities;
        Notifications = notifications;
        _admission = admission;
    }

    /// <summary>What the router can route; for <c>device.load</c> of mediasoup-client.</summary>
    public RtpCapabilities Capabilities { get; }

    /// <summary>The worker it lives on.</summary>
    public int WorkerIndex => _worker.Index;

    /// <summary>What happens in the router, in order; completes when the router closes. One reader.</summary>
    public ChannelReader<RouterNotification> Notifications { get; }

    /// <summary>False when the worker's thread has ended.</summary>
    public bool IsWorkerAlive => _worker.IsAlive;

    /// <summary>One transport in figures.</summary>
    public Task<TransportFigures> GetTransportFiguresAsync(string transportId) => _worker.CallAsync(_ => _router.Figures(transportId));

    /// <summary>Its worker at this moment, after everything posted before; <see cref="WorkerPool.Snapshots"/> is for those who must not wait.</summary>
    internal Task<WorkerSnapshot> GetWorkerSnapshotAsync() => _worker.CallAsync(worker => worker.TakeSnapshot());

    /// <summary>Runs something on its worker's thread; for tests that need the worker to be busy.</summary>
    internal Task RunOnWorkerAsync(Action body) => Do(_ => body());

    /// <summary>Opens a transport and says how to reach it.</summary>
    /// <exception cref="RouterException"><see cref="RouterError.Overloaded"/> or <see cref="RouterError.LimitReached"/>.</exception>
    public async Task<TransportOffer> CreateTransportAsync() => await _admission.PlaceTransport(_worker).CallAsync(_ => _router.CreateTransport());

    /// <summary>Takes the peer's certificate fingerprints and role; once per transport.</summary>
    public Task ConnectTransportAsync(string transportId, DtlsParameters dtls) => Do(router => router.ConnectTransport(transportId, dtls));

    /// <summary>New ICE credentials; media goes on over the old path until the peer has moved (RFC 8445 §9).</summary>
    public Task<IceParameters> RestartIceAsync(string transportId) => _worker.CallAsync(_ => _router.RestartIce(transportId));

    /// <summary>Closes a transport with all that is on it. An unknown id is not an error: closing is idempotent.</summary>
    public Task CloseTransportAsync(string transportId) => Do(router => router.CloseTransport(transportId));

    /// <summary>Begins to receive a track; answers the producer's id.</summary>
    public Task<string> ProduceAsync(string transportId, MediaKind kind, RtpParameters parameters, bool paused) =>
        _worker.CallAsync(_ => _router.Produce(transportId, kind, parameters, paused));

    /// <summary>Begins to send a producer's track to a transport.</summary>
    public Task<ConsumerOffer> ConsumeAsync(string transportId, string producerId, RtpCapabilities capabilities, bool paused) =>
        _worker.CallAsync(_ => _router.Consume(transportId, producerId, capabilities, paused));

    /// <summary>Pauses or resumes a producer for everybody.</summary>
    public Task SetProducerPausedAsync(string producerId, bool paused) => Do(router => router.SetProducerPaused(producerId, paused));

    /// <summary>Pauses or resumes one consumer.</summary>
    public Task SetConsumerPausedAsync(string consumerId, bool paused) => Do(router => router.SetConsumerPaused(consumerId, paused));

    /// <summary>Closes a producer and its consumers; idempotent.</summary>
    public Task CloseProducerAsync(string producerId) => Do(router => router.CloseProducer(producerId));

    /// <summary>Closes a consumer; idempotent.</summary>
    public Task CloseConsumerAsync(string consumerId) => Do(router => router.CloseConsumer(consumerId));

    /// <summary>Closes the router with all that is in it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _admission.ForgetRoom(_worker);
        try
        {
            await _worker.CallAsync(worker => worker.CloseRouter(_router));
        }
        catch (WorkerStoppedException)
        {
            // Then it is closed already.
        }
    }

    private Task<bool> Do(Action<HostedRouter> body) => _worker.CallAsync(_ =>
    {
        body(_router);
        return true;
    });
}
