using System.Collections.Concurrent;
using System.Net;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

/// <summary>A worker pool on loopback with a router, and peers of our own stack that use it.</summary>
internal sealed class TestCall : IAsyncDisposable
{
    private readonly List<ClientTransport> _transports = [];
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow);

    private TestCall(WorkerPool pool, RouterHandle router) => (Pool, Router) = (pool, router);

    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(20);

    public WorkerPool Pool { get; }

    public RouterHandle Router { get; }

    /// <summary>What the server said of each connected transport.</summary>
    public Dictionary<string, TransportOffer> Offers { get; } = [];

    public DtlsIdentity Identity => _identity;

    public required ConcurrentQueue<WorkerIncident> Incidents { get; init; }

    /// <summary>Without congestion control: a machine that tests keep busy looks like a network that is full, and these count every packet.</summary>
    public static WorkerPoolOptions Options { get; } = new()
    {
        WorkerCount = 1,
        ListenAddress = IPAddress.Loopback,
        AnnouncedAddresses = [IPAddress.Loopback],
        MinPort = 45000,
        MaxPort = 45999,
        Routers = new RouterOptions { CongestionControl = CongestionControl.None },
    };

    public static Task<TestCall> StartAsync(int workers = 1) => StartAsync(Options with { WorkerCount = workers });

    public static async Task<TestCall> StartAsync(WorkerPoolOptions options)
    {
        ConcurrentQueue<WorkerIncident> incidents = [];
        WorkerPool pool = await WorkerPool.StartAsync(options, incidents.Enqueue);
        return new TestCall(pool, await pool.CreateRouterAsync(CodecPolicy.Default)) { Incidents = incidents };
    }

    public async Task<ClientTransport> ConnectAsync(TransportProtocol protocol = TransportProtocol.Udp) =>
        await ConnectAsync(await Router.CreateTransportAsync(), protocol);

    /// <summary>A peer whose transport is on the room's own worker, or on the one after it.</summary>
    public async Task<ClientTransport> ConnectAsync(Place place) =>
        await ConnectAsync(await Router.CreateTransportAsync(_ => WorkerAt(place)), TransportProtocol.Udp);

    /// <summary>The worker of a place.</summary>
    public Worker WorkerAt(Place place) => Pool.Workers[(Router.WorkerIndex + (int)place) % Pool.WorkerCount];

    /// <summary>A worker's figures, after everything posted to it before.</summary>
    public Task<WorkerSnapshot> SnapshotAsync(Place place) => WorkerAt(place).CallAsync(worker => worker.TakeSnapshot());

    private async Task<ClientTransport> ConnectAsync(TransportOffer offer, TransportProtocol protocol)
    {
        ClientTransport transport = new(_identity, offer, protocol);
        _transports.Add(transport);
        await Router.ConnectTransportAsync(offer.Id, transport.LocalDtls);
        Offers.Add(offer.Id, offer);
        transport.Start();
        await transport.Connected.WaitAsync(Limit);
        return transport;
    }

    public async Task<string> PublishAsync(ClientTransport from, MediaKind kind)
    {
        (string id, SyntheticTrack track) = await ProduceAsync(from, kind);
        from.Send(track);
        return id;
    }

    /// <summary>As <see cref="PublishAsync"/>, but nothing is sent yet.</summary>
    public async Task<(string Id, SyntheticTrack Track)> ProduceAsync(ClientTransport from, MediaKind kind)
    {
        SyntheticTrack track = new(kind, (byte)(kind == MediaKind.Audio ? 111 : 96));
        RtpCodecParameters codec = kind == MediaKind.Audio
            ? new RtpCodecParameters { MimeType = "audio/opus", PayloadType = 111, ClockRate = 48_000, Channels = 2 }
            : new RtpCodecParameters
            {
                MimeType = "video/VP8",
                PayloadType = 96,
                ClockRate = 90_000,
                RtcpFeedback = [new() { Type = "nack", Parameter = "" }, new() { Type = "nack", Parameter = "pli" }],
            };
        string id = await Router.ProduceAsync(
            from.Id, kind, new RtpParameters { Codecs = [codec], Encodings = [new RtpEncodingParameters { Ssrc = track.Stream.Ssrc.Value }] }, paused: false);
        return (id, track);
    }

    public async Task<ConsumerOffer> SubscribeAsync(ClientTransport to, string producerId)
    {
        ConsumerOffer offer = await Router.ConsumeAsync(to.Id, producerId, Router.Capabilities, paused: false);
        to.Receive(offer.Rtp.Encodings[0].Ssrc!.Value, offer.Rtp.Codecs[0].ClockRate);
        return offer;
    }

    public async ValueTask DisposeAsync()
    {
        _transports.ForEach(transport => transport.Dispose());
        await Router.DisposeAsync();
        await Pool.DisposeAsync();
        _identity.Dispose();
    }
}

/// <summary>Where a test wants a transport.</summary>
internal enum Place
{
    /// <summary>On the worker the room began on.</summary>
    Home = 0,

    /// <summary>On the next one.</summary>
    Away = 1,
}
