using Crosspoint.Contracts.Rtp;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests.Hostile;

/// <summary>A call between two peers that must not notice what others do to the worker.</summary>
internal sealed class RunningCall : IAsyncDisposable
{
    private RunningCall(TestCall call, ClientTransport sender, ClientTransport receiver) => (Call, Sender, Receiver) = (call, sender, receiver);

    public TestCall Call { get; }

    public ClientTransport Sender { get; }

    public ClientTransport Receiver { get; }

    public int UdpPort => Call.Pool.Ports.Udp[0];

    public static async Task<RunningCall> StartAsync(WorkerPoolOptions options)
    {
        TestCall call = await TestCall.StartAsync(options);
        ClientTransport sender = await call.ConnectAsync();
        ClientTransport receiver = await call.ConnectAsync();
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, MediaKind.Audio);
        await call.SubscribeAsync(receiver, id);
        sender.Send(track);
        await receiver.FirstMedia.WaitAsync(TestCall.Limit);
        return new RunningCall(call, sender, receiver);
    }

    /// <summary>The call goes on, lost nothing so far, and the worker is well.</summary>
    public async Task AssertUnharmedAsync()
    {
        await Receiver.WaitForPacketsAsync(Receiver.PacketsReceived + 25).WaitAsync(TestCall.Limit);
        Sender.StopSending();
        await Receiver.WaitForPacketsAsync(Sender.PacketsSent).WaitAsync(TestCall.Limit);
        WorkerSnapshot worker = await Call.Router.GetWorkerSnapshotAsync();
        Assert.Empty(Call.Incidents);
        Assert.Equal((0, 0, 0), (worker.Counters.TransportFaults, worker.Counters.RouterFaults, worker.Counters.TurnFaults));
        Assert.True(Call.Pool.IsHealthy);
        Assert.All(Call.Pool.Snapshots(), snapshot => Assert.True(snapshot.IsAlive));
    }

    /// <summary>Every datagram that reached the worker became media, was taken by a protocol, or is counted as dropped for a reason.</summary>
    public static void AssertAccounted(WorkerSnapshot worker)
    {
        WorkerCounters counters = worker.Counters;
        Assert.Equal(counters.DatagramsReceived, counters.RtpReceived + counters.RtcpReceived + counters.ProtocolReceived + Dropped(worker));
    }

    /// <summary>What was received and dropped, whoever dropped it.</summary>
    public static long Dropped(WorkerSnapshot worker) =>
        worker.Counters.Drops.Of(WorkerDropReason.UnknownSource) + worker.Counters.Drops.Of(WorkerDropReason.UnknownUsernameFragment)
        + worker.Counters.Drops.Of(WorkerDropReason.Flood) + worker.PeerDrops.Total;

    public ValueTask DisposeAsync() => Call.DisposeAsync();
}
