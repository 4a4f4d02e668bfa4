using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests.Pipes;

/// <summary>A room that lives on two workers is one room.</summary>
public class SpreadRoomTests
{
    [Theory]
    [InlineData(MediaKind.Audio)]
    [InlineData(MediaKind.Video)]
    public async Task Everything_arrives_on_both_workers_and_crosses_once(MediaKind kind)
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport[] receivers = [await call.ConnectAsync(Place.Home), await call.ConnectAsync(Place.Away), await call.ConnectAsync(Place.Away), await call.ConnectAsync(Place.Away)];
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, kind);
        foreach (ClientTransport receiver in receivers)
        {
            await call.SubscribeAsync(receiver, id);
        }

        sender.Send(track);
        foreach (ClientTransport receiver in receivers)
        {
            await receiver.WaitForPacketsAsync(100).WaitAsync(TestCall.Limit);
        }

        sender.StopSending();
        foreach (ClientTransport receiver in receivers)
        {
            await receiver.WaitForPacketsAsync(sender.PacketsSent).WaitAsync(TestCall.Limit);
            Assert.Equal(sender.PacketsSent, receiver.PacketsReceived);
        }

        (WorkerSnapshot home, WorkerSnapshot away) = (await call.SnapshotAsync(Place.Home), await call.SnapshotAsync(Place.Away));
        Assert.Equal((1, 0, 2), (home.Routers, home.Branches, home.Transports));
        Assert.Equal((0, 1, 3), (away.Routers, away.Branches, away.Transports));
        Assert.Equal((1, 1), (home.Producers, home.Consumers));
        Assert.Equal((0, 3), (away.Producers, away.Consumers));
        Assert.InRange(away.Counters.PipedReceived, sender.PacketsSent, sender.PacketsSent + 50); // and a few reports
        Assert.Equal(0, home.Counters.Drops.Of(WorkerDropReason.PipeFull));
        Assert.Equal(sender.PacketsSent, home.Counters.RtpReceived);
        Assert.Empty(call.Incidents);
    }

    [Fact]
    public async Task Tracks_cross_both_ways_at_once()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport here = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        await call.SubscribeAsync(there, await call.PublishAsync(here, MediaKind.Video));
        await call.SubscribeAsync(here, await call.PublishAsync(there, MediaKind.Video));
        await here.WaitForPacketsAsync(100).WaitAsync(TestCall.Limit);
        await there.WaitForPacketsAsync(100).WaitAsync(TestCall.Limit);
    }

    [Fact]
    public async Task A_keyframe_is_asked_for_across_the_pipe()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        string id = await call.PublishAsync(sender, MediaKind.Video);
        ClientTransport first = await call.ConnectAsync(Place.Away);
        await call.SubscribeAsync(first, id);
        await first.FirstMedia.WaitAsync(TestCall.Limit);
        long before = (await call.SnapshotAsync(Place.Home)).Media.KeyFrameRequestsSent;

        // The second finds the pipe open and in the middle of a picture; only its own wish brings a keyframe.
        ClientTransport second = await call.ConnectAsync(Place.Away);
        await call.SubscribeAsync(second, id);
        await second.FirstMedia.WaitAsync(TestCall.Limit);
        Assert.True((await call.SnapshotAsync(Place.Home)).Media.KeyFrameRequestsSent > before);
    }

    [Fact]
    public async Task What_a_full_pipe_dropped_is_counted_and_repaired()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { WorkerCount = 2, PipeBytes = 1 << 15 });
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, MediaKind.Video);
        await call.SubscribeAsync(there, id);
        sender.Send(track);
        await there.WaitForPacketsAsync(20).WaitAsync(TestCall.Limit);

        // The other worker does nothing until the pipe has overflowed: it holds 28 packets.
        using ManualResetEventSlim goOn = new();
        Task<bool> stalled = call.WorkerAt(Place.Away).CallAsync(_ => goOn.Wait(TestCall.Limit));
        long dropped;
        do
        {
            dropped = (await call.SnapshotAsync(Place.Home)).Counters.Drops.Of(WorkerDropReason.PipeFull);
        }
        while (dropped < 5);
        goOn.Set();
        Assert.True(await stalled);

        await there.WaitForPacketsAsync(there.PacketsReceived + 60).WaitAsync(TestCall.Limit);
        sender.StopSending();
        await there.WaitForPacketsAsync(sender.PacketsSent).WaitAsync(TestCall.Limit);
        Assert.Equal(sender.PacketsSent, there.PacketsReceived);
    }

    [Fact]
    public async Task A_closed_producer_closes_its_consumers_everywhere_and_each_is_told_once()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport here = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        string id = await call.PublishAsync(sender, MediaKind.Audio);
        string[] consumers = [(await call.SubscribeAsync(here, id)).Id, (await call.SubscribeAsync(there, id)).Id];
        await there.FirstMedia.WaitAsync(TestCall.Limit);

        await call.Router.CloseProducerAsync(id);
        List<RouterNotification> heard = await UntilAsync(call, list => list.OfType<RouterNotification.ConsumerClosed>().Count() == 2);
        Assert.Equal(consumers.Order(), heard.OfType<RouterNotification.ConsumerClosed>().Select(closed => closed.ConsumerId).Order());
        Assert.All(heard.OfType<RouterNotification.ConsumerClosed>(), closed => Assert.Equal("producer-closed", closed.Reason));
        Assert.Empty(heard.OfType<RouterNotification.ProducerClosed>());
        RouterException gone = await Assert.ThrowsAsync<RouterException>(() => call.SubscribeAsync(there, id));
        Assert.Equal(RouterError.ProducerNotFound, gone.Error);
    }

    [Fact]
    public async Task A_track_that_nobody_wants_any_more_crosses_no_longer_and_again_when_somebody_does()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        string id = await call.PublishAsync(sender, MediaKind.Audio);
        ConsumerOffer offer = await call.SubscribeAsync(there, id);
        await there.FirstMedia.WaitAsync(TestCall.Limit);

        await call.Router.CloseConsumerAsync(offer.Id);
        await call.SnapshotAsync(Place.Away);
        long piped = (await call.SnapshotAsync(Place.Home)).Counters.PipedSent;
        ClientTransport local = await call.ConnectAsync(Place.Home);
        await call.SubscribeAsync(local, id);
        await local.WaitForPacketsAsync(50).WaitAsync(TestCall.Limit);
        Assert.InRange((await call.SnapshotAsync(Place.Home)).Counters.PipedSent - piped, 0, 5); // reports, no media

        long received = there.PacketsReceived;
        await call.SubscribeAsync(there, id);
        await there.WaitForPacketsAsync(received + 50).WaitAsync(TestCall.Limit);
    }

    [Fact]
    public async Task A_paused_producer_is_paused_everywhere_and_goes_on_everywhere()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport first = await call.ConnectAsync(Place.Away);
        string id = await call.PublishAsync(sender, MediaKind.Video);
        await call.SubscribeAsync(first, id);
        await first.FirstMedia.WaitAsync(TestCall.Limit);

        await call.Router.SetProducerPausedAsync(id, paused: true);
        ClientTransport second = await call.ConnectAsync(Place.Away);
        Assert.True((await call.SubscribeAsync(second, id)).ProducerPaused);
        long received = first.PacketsReceived;
        await call.Router.SetProducerPausedAsync(id, paused: false);
        await second.FirstMedia.WaitAsync(TestCall.Limit);
        await first.WaitForPacketsAsync(received + 100).WaitAsync(TestCall.Limit);
    }

    [Fact]
    public async Task A_track_opened_while_its_producer_is_paused_says_so()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        string id = await call.PublishAsync(sender, MediaKind.Audio);
        await call.Router.SetProducerPausedAsync(id, paused: true);
        Assert.True((await call.SubscribeAsync(there, id)).ProducerPaused);
        await call.Router.SetProducerPausedAsync(id, paused: false);
        await there.FirstMedia.WaitAsync(TestCall.Limit);
    }

    [Fact]
    public async Task What_cannot_be_consumed_is_refused_and_does_not_stand_in_the_way_of_what_can()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        string id = await call.PublishAsync(sender, MediaKind.Video);
        RtpCapabilities deaf = new() { Codecs = [], HeaderExtensions = [] };
        RouterException refused = await Assert.ThrowsAsync<RouterException>(() => call.Router.ConsumeAsync(there.Id, id, deaf, paused: false));
        Assert.Equal(RouterError.CannotConsume, refused.Error);
        await call.SubscribeAsync(there, id);
        await there.FirstMedia.WaitAsync(TestCall.Limit);
        Assert.Equal(RouterError.ProducerNotFound, (await Assert.ThrowsAsync<RouterException>(() => call.SubscribeAsync(there, "no"))).Error);
        Assert.Equal(RouterError.TransportNotFound, (await Assert.ThrowsAsync<RouterException>(() => call.Router.ConsumeAsync("no", id, deaf, paused: false))).Error);
        Assert.Equal(RouterError.ProducerNotFound, (await Assert.ThrowsAsync<RouterException>(() => call.SubscribeAsync(there, HostedId.New(call.WorkerAt(Place.Home).Index)))).Error);
    }

    [Fact]
    public async Task Consumers_that_come_all_at_once_share_one_pipe()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        string id = await call.PublishAsync(sender, MediaKind.Audio);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => call.SubscribeAsync(there, id)));
        await there.WaitForPacketsAsync(400).WaitAsync(TestCall.Limit);
        WorkerSnapshot away = await call.SnapshotAsync(Place.Away);
        Assert.Equal((1, 40), (away.Pipes, away.Consumers));
        Assert.True(away.Counters.PipedReceived < 200, $"{away.Counters.PipedReceived} packets crossed");
    }

    [Fact]
    public async Task When_the_other_worker_stops_the_room_loses_only_what_was_there()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport here = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        string id = await call.PublishAsync(sender, MediaKind.Audio);
        string theirs = await call.PublishAsync(there, MediaKind.Audio);
        await call.SubscribeAsync(here, id);
        await call.SubscribeAsync(there, id);
        string lost = (await call.SubscribeAsync(here, theirs)).Id;
        await there.FirstMedia.WaitAsync(TestCall.Limit);

        call.WorkerAt(Place.Away).Dispose();
        List<RouterNotification> heard = await UntilAsync(
            call, list => list.OfType<RouterNotification.TransportChanged>().Any(changed => changed.State == PeerState.Closed) && list.OfType<RouterNotification.ConsumerClosed>().Any(closed => closed.ConsumerId == lost));
        Assert.Contains(new RouterNotification.ProducerClosed(theirs, "transport-closed"), heard);
        Assert.Contains(heard.OfType<RouterNotification.TransportChanged>(), changed => changed.TransportId == there.Id && changed.State == PeerState.Closed);
        await here.WaitForPacketsAsync(here.PacketsReceived + 50).WaitAsync(TestCall.Limit);
        Assert.Equal(0, (await call.SnapshotAsync(Place.Home)).Pipes);
        await call.ConnectAsync(); // what is new goes where there is a worker
    }

    [Fact]
    public async Task A_room_that_ends_leaves_nothing_on_any_worker()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport there = await call.ConnectAsync(Place.Away);
        await call.SubscribeAsync(there, await call.PublishAsync(sender, MediaKind.Audio));
        await there.FirstMedia.WaitAsync(TestCall.Limit);

        await call.Router.DisposeAsync();
        foreach (Place place in Enum.GetValues<Place>())
        {
            WorkerSnapshot worker = await call.SnapshotAsync(place);
            Assert.Equal((0, 0, 0, 0), (worker.Routers, worker.Branches, worker.Transports, worker.Pipes));
        }

        Assert.Empty(call.Incidents);
    }

    [Fact]
    public async Task Many_listeners_of_one_room_are_placed_on_all_workers()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { WorkerCount = 2, EnableTcp = false });
        await Task.WhenAll(Enumerable.Range(0, 800).Select(_ => call.Router.CreateTransportAsync()));
        Assert.All(await Task.WhenAll(call.SnapshotAsync(Place.Home), call.SnapshotAsync(Place.Away)), worker => Assert.InRange(worker.Transports, 200, 600));
    }

    private static async Task<List<RouterNotification>> UntilAsync(TestCall call, Func<List<RouterNotification>, bool> enough)
    {
        List<RouterNotification> heard = [];
        while (!enough(heard))
        {
            heard.Add(await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit));
        }

        return heard;
    }
}
