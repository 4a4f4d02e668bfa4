using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

/// <summary>Transports whose peer does not come, or does not come back, end by themselves and say so.</summary>
public class AbandonedTransportTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task One_that_nobody_connects_is_closed()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { UnusedTransportLifetime = Short });
        TransportOffer offer = await call.Router.CreateTransportAsync();
        Assert.Equal(PeerReason.Abandoned, (await UntilClosedAsync(call, offer.Id)).Reason);
        WorkerSnapshot worker = await call.Router.GetWorkerSnapshotAsync();
        Assert.Equal((0, 1), (worker.Transports, worker.Counters.TransportsAbandoned));
        RouterException refused = await Assert.ThrowsAsync<RouterException>(() => call.Router.RestartIceAsync(offer.Id));
        Assert.Equal(RouterError.TransportNotFound, refused.Error);
    }

    [Fact]
    public async Task One_whose_peer_never_comes_is_closed()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { UnconnectedTransportLifetime = Short });
        TransportOffer offer = await call.Router.CreateTransportAsync();
        using ClientTransport never = new(call.Identity, offer);
        await call.Router.ConnectTransportAsync(offer.Id, never.LocalDtls);
        Assert.Equal(PeerReason.Abandoned, (await UntilClosedAsync(call, offer.Id)).Reason);
    }

    [Fact]
    public async Task One_whose_peer_left_is_closed_after_a_while_and_its_producers_and_consumers_with_it_aloud()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { UnconnectedTransportLifetime = TimeSpan.FromSeconds(1) });
        ClientTransport leaver = await call.ConnectAsync();
        ClientTransport stayer = await call.ConnectAsync();
        string gone = await call.PublishAsync(leaver, MediaKind.Audio);
        ConsumerOffer ofStayer = await call.SubscribeAsync(stayer, gone);
        ConsumerOffer ofLeaver = await call.SubscribeAsync(leaver, await call.PublishAsync(stayer, MediaKind.Audio));
        leaver.Dispose();

        List<RouterNotification> heard = [];
        await UntilClosedAsync(call, leaver.Id, heard);
        Assert.Contains(new RouterNotification.TransportChanged(leaver.Id, PeerState.Failed, PeerReason.ClosedByPeer), heard);
        Assert.Contains(new RouterNotification.ProducerClosed(gone, "transport-closed"), heard);
        Assert.Contains(new RouterNotification.ConsumerClosed(ofLeaver.Id, "transport-closed"), heard);
        while (!heard.OfType<RouterNotification.ConsumerClosed>().Any(closed => closed.ConsumerId == ofStayer.Id))
        {
            heard.Add(await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit));
        }

        Assert.Equal(PeerState.Connected, (await call.Router.GetTransportFiguresAsync(stayer.Id)).State);
    }

    [Fact]
    public async Task One_that_is_connected_stays()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { UnusedTransportLifetime = TimeSpan.FromSeconds(2), UnconnectedTransportLifetime = TimeSpan.FromSeconds(2) });
        ClientTransport sender = await call.ConnectAsync();
        ClientTransport receiver = await call.ConnectAsync();
        await call.SubscribeAsync(receiver, await call.PublishAsync(sender, MediaKind.Audio));
        await receiver.WaitForPacketsAsync(125).WaitAsync(TestCall.Limit); // two and a half seconds of audio
        Assert.Equal(0, (await call.Router.GetWorkerSnapshotAsync()).Counters.TransportsAbandoned);
    }

    private static async Task<RouterNotification.TransportChanged> UntilClosedAsync(TestCall call, string id, List<RouterNotification>? heard = null)
    {
        while (true)
        {
            RouterNotification notification = await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit);
            heard?.Add(notification);
            if (notification is RouterNotification.TransportChanged { State: PeerState.Closed } changed && changed.TransportId == id)
            {
                return changed;
            }
        }
    }
}
