using Crosspoint.Contracts.Rtp;
using Crosspoint.Net.Udp;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

/// <summary>A call over every way in which datagrams can be moved here.</summary>
public class FallbackTests
{
    [Theory]
    [InlineData(null, UdpOffload.Auto)]
    [InlineData(null, UdpOffload.Off)]
    [InlineData(UdpImplementation.Portable, UdpOffload.Auto)]
    public async Task Everything_sent_arrives_however_datagrams_are_moved(UdpImplementation? implementation, UdpOffload offload)
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { UdpImplementation = implementation, UdpOffload = offload });
        ClientTransport sender = await call.ConnectAsync();
        ClientTransport receiver = await call.ConnectAsync();
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, MediaKind.Video);
        await call.SubscribeAsync(receiver, id);
        sender.Send(track);

        await receiver.WaitForPacketsAsync(300).WaitAsync(TestCall.Limit);
        sender.StopSending();
        await receiver.WaitForPacketsAsync(sender.PacketsSent).WaitAsync(TestCall.Limit);

        Assert.Equal(sender.PacketsSent, receiver.PacketsReceived);
        WorkerSnapshot worker = await call.Router.GetWorkerSnapshotAsync();
        Assert.Equal(implementation ?? worker.Network.Implementation, worker.Network.Implementation);
        Assert.Equal(0, worker.Socket.SendDropped + worker.Socket.SegmentationFallbacks);
        Assert.True(worker.Network.SegmentationOffload || worker.Socket.MessagesSent == worker.Socket.DatagramsSent);
        Assert.True(worker.Network.ReceiveOffload || worker.Socket.MessagesReceived == worker.Socket.DatagramsReceived);
    }
}
