using System.Threading.Channels;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Rtc.SFrame;
using Crosspoint.Workers.Load;

namespace Crosspoint.Workers;

/// <summary>
/// A room's media from outside its workers: every verb is a command in the mailbox of the worker that what it names lives on, and
/// completes when that worker has done it. A room begins on one worker and grows to others by load; ids stay what they are.
/// Wrong ids and parameters come back as <see cref="RouterException"/>, a stopped worker as <see cref="WorkerStoppedException"/>.
/// </summary>
/// <remarks>Any thread.</remarks>
public sealed class RouterHandle : IAsyncDisposable
{
    // A track may leave a worker, because nobody there wanted it any more, just before somebody there wants it again.
    private const int ConsumeAttempts = 3;

    private readonly RoomBranches _branches;
    private readonly Admission _admission;
    private int _disposed;

    internal RouterHandle(RoomBranches branches, RtpCapabilities capabilities, ChannelReader<RouterNotification> notifications, Admission admission)
    {
        _branches = branches;
        Capabilities = capabilities;
        Notifications = notifications;
        _admission = admission;
    }

    /// <summary>What the room can route; for <c>device.load</c> of mediasoup-client.</summary>
    public RtpCapabilities Capabilities { get; }

    /// <summary>The worker it began on.</summary>
    public int WorkerIndex => _branches.Home.Worker.Index;

    /// <summary>What happens in the room, in order for each worker; completes when the room ends. One reader.</summary>
    public ChannelReader<RouterNotification> Notifications { get; }

    /// <summary>False when the thread of the worker it began on has ended.</summary>
    public bool IsWorkerAlive => _branches.Home.Worker.IsAlive;

    /// <summary>One transport in figures.</summary>
    public Task<TransportFigures> GetTransportFiguresAsync(string transportId) => Ask(_branches.Of(transportId), router => router.Figures(transportId));

    /// <summary>The worker it began on at this moment, after everything posted before; <see cref="WorkerPool.Snapshots"/> is for those who must not wait.</summary>
    internal Task<WorkerSnapshot> GetWorkerSnapshotAsync() => _branches.Home.Worker.CallAsync(worker => worker.TakeSnapshot());

    /// <summary>Runs something on its worker's thread; for tests that need the worker to be busy.</summary>
    internal Task RunOnWorkerAsync(Action body) => Do(_branches.Home, _ => body());

    /// <summary>Opens a transport on the worker that load suggests and says how to reach it.</summary>
    /// <exception cref="RouterException"><see cref="RouterError.Overloaded"/> or <see cref="RouterError.LimitReached"/>.</exception>
    public Task<TransportOffer> CreateTransportAsync() => CreateTransportAsync(_admission.PlaceTransport);

    internal async Task<TransportOffer> CreateTransportAsync(Func<RoomBranches, Worker> place) =>
        await Ask(await _branches.GetAsync(place(_branches)), router => router.CreateTransport());

    /// <summary>Takes the peer's certificate fingerprints and role; once per transport.</summary>
    public Task ConnectTransportAsync(string transportId, DtlsParameters dtls) => Do(transportId, router => router.ConnectTransport(transportId, dtls));

    /// <summary>New ICE credentials; media goes on over the old path until the peer has moved (RFC 8445 §9).</summary>
    public Task<IceParameters> RestartIceAsync(string transportId) => Ask(_branches.Of(transportId), router => router.RestartIce(transportId));

    /// <summary>Closes a transport with all that is on it. An unknown id is not an error: closing is idempotent.</summary>
    public Task CloseTransportAsync(string transportId) => Do(transportId, router => router.CloseTransport(transportId));

    /// <summary>Begins to receive a track; answers the producer's id.</summary>
    public Task<string> ProduceAsync(string transportId, MediaKind kind, RtpParameters parameters, bool paused) =>
        Ask(_branches.Of(transportId), router => router.Produce(transportId, kind, parameters, paused));

    /// <summary>Begins to send a producer's track to a transport; between workers it goes once, for all who consume it there.</summary>
    public async Task<ConsumerOffer> ConsumeAsync(string transportId, string producerId, RtpCapabilities capabilities, bool paused)
    {
        (HostedRouter near, HostedRouter far) = (_branches.Of(transportId), _branches.Of(producerId));
        for (int attempt = 1; near != far && attempt < ConsumeAttempts; attempt++)
        {
            if (await Ask(near, router => router.TryConsume(transportId, producerId, capabilities, paused)) is { } offer)
            {
                return offer;
            }

            await Do(far, router => router.OpenPipe(producerId, near));
        }

        return await Ask(near, router => router.Consume(transportId, producerId, capabilities, paused));
    }

    /// <summary>Pauses or resumes a producer for everybody.</summary>
    public Task SetProducerPausedAsync(string producerId, bool paused) => Do(producerId, router => router.SetProducerPaused(producerId, paused));

    /// <summary>Pauses or resumes one consumer.</summary>
    public Task SetConsumerPausedAsync(string consumerId, bool paused) => Do(consumerId, router => router.SetConsumerPaused(consumerId, paused));

    /// <summary>The highest layer a consumer wants; null for all there are.</summary>
    public Task SetPreferredLayersAsync(string consumerId, LayerId? preferred) => Do(consumerId, router => router.SetPreferredLayers(consumerId, preferred));

    /// <summary>Who goes first on its transport when there is not enough for all: 0 to 255, 1 unless said otherwise.</summary>
    public Task SetPriorityAsync(string consumerId, byte priority) => Do(consumerId, router => router.SetPriority(consumerId, priority));

    /// <summary>How many videos a transport is sent at most.</summary>
    public Task SetLimitsAsync(string transportId, SubscriberLimits limits) => Do(transportId, router => router.SetLimits(transportId, limits));

    /// <summary>
    /// Frames are encrypted, and these epochs pass, on every worker of the room. When it completes, no frame of another epoch is forwarded any more: order a
    /// new epoch before clients are told to send under it.
    /// </summary>
    public Task SetFrameEpochsAsync(FrameEpochs epochs) => _branches.SetFrameEpochsAsync(epochs);

    /// <summary>Whose frames a producer's are, by the leaf of its member, and of what kind. In an encrypted room nothing of it is forwarded before.</summary>
    public Task SetFrameLeafAsync(string producerId, int leaf, SFrameKind kind) => Do(producerId, router => router.SetFrameLeaf(producerId, leaf, kind));

    /// <summary>
    /// Forwards what a member's transport sends and is sent, or nothing of it. When it completes, every worker of the room has been told in its turn, and what
    /// leaves at the end of that turn is the last.
    /// </summary>
    public async Task SetForwardingAsync(string transportId, bool sends, bool receives)
    {
        await Do(transportId, router => router.SetForwarding(transportId, sends, receives));
        await _branches.ForAllAsync(static _ => { }); // behind what the first worker posted to the others
    }

    /// <summary>Asks every video of the room for a keyframe, for members who can read nothing from before.</summary>
    public Task RequestKeyFramesAsync() => _branches.ForAllAsync(router => router.RequestKeyFrames());

    /// <summary>Closes a producer and its consumers; idempotent.</summary>
    public Task CloseProducerAsync(string producerId) => Do(producerId, router => router.CloseProducer(producerId));

    /// <summary>Closes a consumer; idempotent.</summary>
    public Task CloseConsumerAsync(string consumerId) => Do(consumerId, router => router.CloseConsumer(consumerId));

    /// <summary>Closes the room with all that is in it, on every worker.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _admission.ForgetRoom(_branches.Home.Worker);
            await _branches.CloseAsync();
        }
    }

    private Task<bool> Do(string id, Action<HostedRouter> body) => Do(_branches.Of(id), body);

    private static Task<bool> Do(HostedRouter router, Action<HostedRouter> body) => Ask(router, it =>
    {
        body(it);
        return true;
    });

    private static Task<T> Ask<T>(HostedRouter router, Func<HostedRouter, T> body) => router.Worker.CallAsync(_ => body(router));
}
