using System.Net;
using System.Net.Sockets;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Workers.Client;
using Crosspoint.Workers.SharedPort;
using Crosspoint.Workers.Tests.Hostile;

namespace Crosspoint.Workers.Tests;

/// <summary>Two workers on one UDP port: a peer's datagrams may reach either, its media must not notice.</summary>
[Collection(AloneCollection.Name)]
public class SharedPortTests
{
    // Each peer lands on the wrong worker with a chance of one half; that none of so many does is as good as impossible.
    private const int Peers = 32;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Peers_that_land_on_the_wrong_worker_connect_and_get_media(bool steer)
    {
        await using TestCall call = await TestCall.StartAsync(Options() with { SteerSharedPort = steer });
        await using RouterHandle other = await call.Pool.CreateRouterAsync(CodecPolicy.Default);
        Assert.Single(call.Pool.Ports.Udp);
        bool steered = call.Pool.SharedPort == SharedPortState.Steered;
        Assert.Equal(steered || steer, call.Pool.SharedPort != SharedPortState.HandedOver);

        (ClientTransport sender, ClientTransport[] receivers) = await FillAsync(call);
        await Task.WhenAll(receivers.Select(receiver => receiver.WaitForPacketsAsync(20))).WaitAsync(TestCall.Limit);
        WorkerSnapshot mine = await call.Router.GetWorkerSnapshotAsync();
        WorkerSnapshot its = await other.GetWorkerSnapshotAsync();
        Assert.True(its.Counters.HandedOver > 0, "no peer landed on the wrong worker");
        Assert.True(mine.Counters.ReceivedByHandover > 0, "nothing handed over was received");

        long before = sender.PacketsSent;
        await Task.WhenAll(receivers.Select(receiver => receiver.WaitForPacketsAsync(receiver.PacketsReceived + 100))).WaitAsync(TestCall.Limit);
        long after = (await other.GetWorkerSnapshotAsync()).Counters.HandedOver;
        Assert.True(sender.PacketsSent > before);
        Assert.True(!steered || after == its.Counters.HandedOver, $"{after - its.Counters.HandedOver} datagrams were handed over although the kernel was told");
        Assert.Equal(0, Refused(await other.GetWorkerSnapshotAsync()) + Refused(await call.Router.GetWorkerSnapshotAsync()));
        Assert.Equal(steer && !steered ? 1 : 0, call.Incidents.Count);
    }

    [Fact]
    public async Task A_sender_on_the_wrong_worker_loses_nothing()
    {
        await using TestCall call = await TestCall.StartAsync(Options() with { SteerSharedPort = false });
        await using RouterHandle other = await call.Pool.CreateRouterAsync(CodecPolicy.Default);
        ClientTransport receiver = await call.ConnectAsync();
        ClientTransport sender = await ConnectOnWrongWorkerAsync(call, other);
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, MediaKind.Video);
        await call.SubscribeAsync(receiver, id);
        sender.Send(track);

        await receiver.WaitForPacketsAsync(300).WaitAsync(TestCall.Limit);
        sender.StopSending();
        await receiver.WaitForPacketsAsync(sender.PacketsSent).WaitAsync(TestCall.Limit);
        Assert.Equal(sender.PacketsSent, receiver.PacketsReceived);
        Assert.True((await call.Router.GetWorkerSnapshotAsync()).Counters.ReceivedByHandover >= sender.PacketsSent);
    }

    [Fact]
    public async Task A_worker_that_is_behind_costs_counted_drops_and_recovers()
    {
        await using TestCall call = await TestCall.StartAsync(Options() with { SteerSharedPort = false, HandoverQueueDatagrams = 8 });
        await using RouterHandle other = await call.Pool.CreateRouterAsync(CodecPolicy.Default);
        ClientTransport receiver = await call.ConnectAsync();
        ClientTransport sender = await ConnectOnWrongWorkerAsync(call, other);
        await call.SubscribeAsync(receiver, await call.PublishAsync(sender, MediaKind.Video));
        await receiver.FirstMedia.WaitAsync(TestCall.Limit);

        using ManualResetEventSlim release = new();
        Task held = call.Router.RunOnWorkerAsync(() => release.Wait(TestCall.Limit));
        long sent = sender.PacketsSent;
        while ((await other.GetWorkerSnapshotAsync()).Counters.Drops.Of(WorkerDropReason.HandoverFull) == 0)
        {
            Assert.True(sender.PacketsSent - sent < 5000, "waited for the queue to overflow");
            await Task.Yield();
        }

        release.Set();
        await held;
        await receiver.WaitForPacketsAsync(receiver.PacketsReceived + 100).WaitAsync(TestCall.Limit);
        Assert.True(call.Pool.IsHealthy);
    }

    [Fact]
    public async Task An_address_that_moves_to_another_worker_is_forgotten_by_the_first()
    {
        await using TestCall call = await TestCall.StartAsync(Options());
        await using RouterHandle other = await call.Pool.CreateRouterAsync(CodecPolicy.Default);
        TransportOffer first = await call.Router.CreateTransportAsync();
        TransportOffer second = await other.CreateTransportAsync();
        using RawPeer peer = new(call.Pool.Ports.Udp[0], 0x0E01);
        for (int round = 0; round < 4; round++)
        {
            peer.Validate(first.Ice);
            Assert.Equal((1, 0), (await SourcesAsync(call.Router), await SourcesAsync(other)));
            peer.Validate(second.Ice);
            Assert.Equal((0, 1), (await SourcesAsync(call.Router), await SourcesAsync(other)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_strangers_send_to_the_port_is_accounted_for_by_one_worker_or_the_other(bool steer)
    {
        const int Rounds = 500;
        await using TestCall call = await TestCall.StartAsync(Options() with { SteerSharedPort = steer, StrangerDatagramsPerSecond = 100, AllStrangersDatagramsPerSecond = 200 });
        await using RouterHandle other = await call.Pool.CreateRouterAsync(CodecPolicy.Default);
        TransportOffer[] offers = [await call.Router.CreateTransportAsync(), await other.CreateTransportAsync()];
        RawPeer[] peers = [.. Enumerable.Range(0, 8).Select(i => new RawPeer(call.Pool.Ports.Udp[0], 0x0F01 + i))];
        for (int i = 0; i < peers.Length; i++)
        {
            peers[i].Validate(offers[i % 2].Ice);
        }

        byte[] nobody = RawPeer.Check(new IceParameters { UsernameFragment = "nobodynobody", Password = "x" });
        byte[] wrong = RawPeer.Check(offers[1].Ice, password: "wrong");
        byte[] media = [0x80, 96, .. Enumerable.Repeat((byte)7, 40)];
        using RawPeer stranger = new(call.Pool.Ports.Udp[0], 0x0F21);
        for (int i = 0; i < Rounds; i++)
        {
            peers[i % peers.Length].Send(media);
            peers[(i + 1) % peers.Length].Send(wrong);
            stranger.Send(i % 3 == 0 ? nobody : i % 3 == 1 ? media : wrong);
        }

        for (int i = 0; i < peers.Length; i++)
        {
            peers[i].Validate(offers[i % 2].Ice);
        }

        WorkerSnapshot[] workers;
        int looks = 0;
        do
        {
            // The last ones may still be between two turns.
            Assert.True(looks++ < 1000, "waited for what was handed over to be received");
            workers = [await call.Router.GetWorkerSnapshotAsync(), await other.GetWorkerSnapshotAsync()];
        }
        while (workers.Sum(worker => worker.Counters.HandedOver) != workers.Sum(worker => worker.Counters.ReceivedByHandover));
        Assert.Equal(
            workers.Sum(worker => worker.Counters.DatagramsReceived),
            workers.Sum(worker => worker.Counters.RtpReceived + worker.Counters.RtcpReceived + worker.Counters.ProtocolReceived
                + RunningCall.Dropped(worker) + worker.Counters.Drops.Of(WorkerDropReason.HandoverFull)));
        Assert.True(workers.Sum(worker => worker.Counters.Drops.Of(WorkerDropReason.Flood)) > 0);
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Fact]
    public async Task A_port_that_another_pool_shares_already_is_refused()
    {
        await using TestCall call = await TestCall.StartAsync(Options());
        SocketException e = await Assert.ThrowsAsync<SocketException>(() =>
            WorkerPool.StartAsync(TestCall.Options with { SharedUdpPort = (ushort)call.Pool.Ports.Udp[0], EnableTcp = false }, _ => { }));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    }

    private static WorkerPoolOptions Options() => TestCall.Options with { WorkerCount = 2, SharedUdpPort = FreePort(), StrangerDatagramsPerSecond = 10_000 };

    private static ushort FreePort()
    {
        using UdpClient probe = new(new IPEndPoint(IPAddress.Loopback, 0));
        return (ushort)((IPEndPoint)probe.Client.LocalEndPoint!).Port;
    }

    private static async Task<(ClientTransport Sender, ClientTransport[] Receivers)> FillAsync(TestCall call)
    {
        ClientTransport sender = await call.ConnectAsync();
        string id = await call.PublishAsync(sender, MediaKind.Audio);
        List<ClientTransport> receivers = [];
        for (int i = 0; i < Peers; i++)
        {
            receivers.Add(await call.ConnectAsync());
            await call.SubscribeAsync(receivers[i], id);
        }

        return (sender, [.. receivers]);
    }

    // Whatever it sends goes through the other worker, for the kernel's hash does not change its mind.
    private static async Task<ClientTransport> ConnectOnWrongWorkerAsync(TestCall call, RouterHandle other)
    {
        for (int i = 0; i < Peers; i++)
        {
            long before = (await other.GetWorkerSnapshotAsync()).Counters.HandedOver;
            ClientTransport peer = await call.ConnectAsync();
            if ((await other.GetWorkerSnapshotAsync()).Counters.HandedOver > before)
            {
                return peer;
            }
        }

        throw new InvalidOperationException("No peer landed on the wrong worker.");
    }

    private static async Task<int> SourcesAsync(RouterHandle router) => (await router.GetWorkerSnapshotAsync()).Sources;

    private static long Refused(WorkerSnapshot worker) =>
        worker.Counters.Drops.Of(WorkerDropReason.HandoverFull) + worker.Counters.Drops.Of(WorkerDropReason.UnknownSource)
        + worker.Counters.Drops.Of(WorkerDropReason.UnknownUsernameFragment) + worker.Counters.Drops.Of(WorkerDropReason.Flood);
}
