using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(MediaKind.Audio)]
    [InlineData(MediaKind.Video)]
    public async Task A_track_goes_from_one_peer_through_the_router_to_another(MediaKind kind)
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport sender = await call.ConnectAsync();
        ClientTransport receiver = await call.ConnectAsync();

        await call.SubscribeAsync(receiver, await call.PublishAsync(sender, kind));

        await receiver.FirstMedia.WaitAsync(TestCall.Limit);
        Assert.Equal("AeadAes128Gcm", receiver.Profile);
        TransportFigures figures = await call.Router.GetTransportFiguresAsync(sender.Id);
        Assert.Equal(PeerState.Connected, figures.State);
        Assert.True(figures.RtpPacketsReceived > 0);
    }

    [Fact]
    public async Task Everything_sent_after_the_subscription_arrives_on_loopback()
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport sender = await call.ConnectAsync();
        ClientTransport receiver = await call.ConnectAsync();
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, MediaKind.Audio);
        await call.SubscribeAsync(receiver, id);
        sender.Send(track);

        await receiver.WaitForPacketsAsync(100).WaitAsync(TestCall.Limit);
        sender.StopSending();
        await receiver.WaitForPacketsAsync(sender.PacketsSent).WaitAsync(TestCall.Limit);

        Assert.Equal(sender.PacketsSent, receiver.PacketsReceived);
    }

    [Fact]
    public async Task The_owner_hears_that_a_transport_connected_and_that_its_peer_said_goodbye()
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport transport = await call.ConnectAsync();
        transport.Dispose();

        List<PeerState> states = [];
        while (states.LastOrDefault() != PeerState.Failed)
        {
            RouterNotification notification = await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit);
            RouterNotification.TransportChanged changed = Assert.IsType<RouterNotification.TransportChanged>(notification);
            Assert.Equal(transport.Id, changed.TransportId);
            states.Add(changed.State);
            Assert.True(changed.State != PeerState.Failed || changed.Reason == PeerReason.ClosedByPeer);
        }

        Assert.Equal([PeerState.Connecting, PeerState.Connected, PeerState.Failed], states);
    }

    [Fact]
    public async Task A_wrong_fingerprint_never_connects_and_says_why()
    {
        await using TestCall call = await TestCall.StartAsync();
        TransportOffer offer = await call.Router.CreateTransportAsync();
        using ClientTransport transport = new(call.Identity, offer);
        string wrong = string.Join(':', Enumerable.Repeat("AB", 32));
        await call.Router.ConnectTransportAsync(
            offer.Id, new DtlsParameters { Role = DtlsRole.Client, Fingerprints = [new DtlsFingerprint { Algorithm = "sha-256", Value = wrong }] });
        transport.Start();

        RouterNotification.TransportChanged changed;
        do
        {
            changed = Assert.IsType<RouterNotification.TransportChanged>(await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit));
            Assert.NotEqual(PeerState.Connected, changed.State);
        }
        while (changed.State != PeerState.Failed);

        Assert.Equal(PeerReason.DtlsFingerprintMismatch, changed.Reason);
    }

    [Fact]
    public async Task Wrong_ids_and_parameters_are_refused_with_what_is_wrong()
    {
        await using TestCall call = await TestCall.StartAsync();
        TransportOffer offer = await call.Router.CreateTransportAsync();
        RtpParameters nothing = new();

        Assert.Equal(RouterError.TransportNotFound, await ErrorOf(call.Router.RestartIceAsync("no")));
        Assert.Equal(RouterError.TransportNotFound, await ErrorOf(call.Router.ProduceAsync("no", MediaKind.Audio, nothing, false)));
        Assert.Equal(RouterError.Invalid, await ErrorOf(call.Router.ProduceAsync(offer.Id, MediaKind.Audio, nothing, false)));
        Assert.Equal(RouterError.ProducerNotFound, await ErrorOf(call.Router.ConsumeAsync(offer.Id, "no", call.Router.Capabilities, false)));
        Assert.Equal(RouterError.ConsumerNotFound, await ErrorOf(call.Router.SetConsumerPausedAsync("no", true)));
        Assert.Equal(RouterError.Invalid, await ErrorOf(call.Router.ConnectTransportAsync(offer.Id, new DtlsParameters())));
    }

    [Fact]
    public async Task Two_producers_with_one_ssrc_are_refused_as_a_mistake_of_the_client()
    {
        await using TestCall call = await TestCall.StartAsync();
        TransportOffer offer = await call.Router.CreateTransportAsync();
        RtpParameters parameters = new()
        {
            Codecs = [new RtpCodecParameters { MimeType = "audio/opus", PayloadType = 111, ClockRate = 48_000, Channels = 2 }],
            Encodings = [new RtpEncodingParameters { Ssrc = 4711 }],
        };
        await call.Router.ProduceAsync(offer.Id, MediaKind.Audio, parameters, false);
        Assert.Equal(RouterError.Invalid, await ErrorOf(call.Router.ProduceAsync(offer.Id, MediaKind.Audio, parameters, false)));
    }

    [Fact]
    public async Task An_ice_restart_gives_new_credentials_and_media_goes_on()
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport sender = await call.ConnectAsync();
        ClientTransport receiver = await call.ConnectAsync();
        await call.SubscribeAsync(receiver, await call.PublishAsync(sender, MediaKind.Audio));
        await receiver.FirstMedia.WaitAsync(TestCall.Limit);

        IceParameters renewed = await call.Router.RestartIceAsync(receiver.Id);
        receiver.RestartIce(renewed);

        await receiver.WaitForPacketsAsync(receiver.PacketsReceived + 100).WaitAsync(TestCall.Limit);
        Assert.True(receiver.IsRestartDone);
    }

    [Fact]
    public async Task Routers_spread_over_the_workers()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        await using RouterHandle second = await call.Pool.CreateRouterAsync(Crosspoint.Media.Negotiation.CodecPolicy.Default);
        Assert.NotEqual(call.Router.WorkerIndex, second.WorkerIndex);
    }

    [Fact]
    public async Task A_pool_that_finds_too_few_ports_says_so_and_leaves_none_open()
    {
        WorkerPoolOptions tooFew = TestCall.Options with { WorkerCount = 2, MinPort = 45_998, MaxPort = 45_998, EnableTcp = false };
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => WorkerPool.StartAsync(tooFew, _ => { }));
        await using WorkerPool one = await WorkerPool.StartAsync(tooFew with { WorkerCount = 1 }, _ => { });
        Assert.Equal([45_998], one.Ports.Udp);
    }

    [Fact]
    public async Task A_stopped_pool_refuses_instead_of_hanging()
    {
        TestCall call = await TestCall.StartAsync();
        await call.DisposeAsync();
        await Assert.ThrowsAsync<WorkerStoppedException>(call.Router.CreateTransportAsync);
        Assert.False(call.Pool.IsHealthy);
    }

    private static async Task<RouterError> ErrorOf(Task task) => (await Assert.ThrowsAsync<RouterException>(() => task)).Error;
}
