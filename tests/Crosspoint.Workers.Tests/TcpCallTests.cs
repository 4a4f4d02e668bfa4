using Crosspoint.Contracts.Rtp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

/// <summary>Calls of peers that reach the worker over TCP alone (RFC 6544).</summary>
public class TcpCallTests
{
    [Theory]
    [InlineData(MediaKind.Audio)]
    [InlineData(MediaKind.Video)]
    public async Task Media_goes_both_in_and_out_over_tcp_without_a_gap(MediaKind kind)
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport sender = await call.ConnectAsync(TransportProtocol.Tcp);
        ClientTransport receiver = await call.ConnectAsync(TransportProtocol.Tcp);
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, kind);
        await call.SubscribeAsync(receiver, id);
        sender.Send(track);

        await receiver.WaitForPacketsAsync(100).WaitAsync(TestCall.Limit);
        sender.StopSending();
        await receiver.WaitForPacketsAsync(sender.PacketsSent).WaitAsync(TestCall.Limit);

        TransportFigures figures = await call.Router.GetTransportFiguresAsync(receiver.Id);
        Assert.Equal(PeerState.Connected, figures.State);
        Assert.Contains("tcp", figures.SelectedPair, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, (await call.Router.GetWorkerSnapshotAsync()).TcpConnections);
    }

    [Fact]
    public async Task A_peer_on_tcp_and_one_on_udp_hear_each_other()
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport tcp = await call.ConnectAsync(TransportProtocol.Tcp);
        ClientTransport udp = await call.ConnectAsync();
        await call.SubscribeAsync(udp, await call.PublishAsync(tcp, MediaKind.Audio));
        await call.SubscribeAsync(tcp, await call.PublishAsync(udp, MediaKind.Audio));
        await Task.WhenAll(tcp.FirstMedia, udp.FirstMedia).WaitAsync(TestCall.Limit);
    }

    [Fact]
    public async Task Closing_a_transport_closes_its_connection()
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport transport = await call.ConnectAsync(TransportProtocol.Tcp);
        Assert.Equal(1, call.Pool.TcpStatistics!.Value.Open);
        await call.Router.CloseTransportAsync(transport.Id);
        Assert.Equal(0, (await call.Router.GetWorkerSnapshotAsync()).TcpConnections);
        await transport.Ended.WaitAsync(TestCall.Limit);
    }

    [Fact]
    public async Task When_the_connection_breaks_the_owner_hears_that_the_peer_is_gone()
    {
        await using TestCall call = await TestCall.StartAsync();
        ClientTransport transport = await call.ConnectAsync(TransportProtocol.Tcp);
        transport.Abort();
        PeerState state;
        do
        {
            RouterNotification notification = await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit);
            state = Assert.IsType<RouterNotification.TransportChanged>(notification).State;
        }
        while (state is PeerState.Connecting or PeerState.Connected);

        Assert.Equal(PeerState.Disconnected, state);
    }
}
