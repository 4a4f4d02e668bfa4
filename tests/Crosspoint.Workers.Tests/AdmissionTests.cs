using Crosspoint.Media.Negotiation;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.Load;

namespace Crosspoint.Workers.Tests;

public class AdmissionTests
{
    [Fact]
    public async Task A_busy_worker_refuses_what_is_new_with_a_hint_and_counts_it()
    {
        // With a limit of nothing every worker is busy once it has been for two seconds; the transport's end says that they are over.
        TimeSpan longEnough = TimeSpan.FromSeconds(3);
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { MaxLoad = 0, UnusedTransportLifetime = longEnough });
        TransportOffer offer = await call.Router.CreateTransportAsync();
        Assert.False(call.Pool.IsOverloaded);
        RouterNotification.TransportChanged ended = Assert.IsType<RouterNotification.TransportChanged>(await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit));
        Assert.Equal((offer.Id, PeerReason.Abandoned), (ended.TransportId, ended.Reason));

        Assert.True(call.Pool.IsOverloaded);
        RouterException transport = await Assert.ThrowsAsync<RouterException>(call.Router.CreateTransportAsync);
        RouterException room = await Assert.ThrowsAsync<RouterException>(() => call.Pool.CreateRouterAsync(CodecPolicy.Default));
        Assert.Equal((RouterError.Overloaded, RouterError.Overloaded), (transport.Error, room.Error));
        Assert.NotNull(transport.RetryAfter);
        Assert.Equal(new AdmissionRefusals(Rooms: 1, Transports: 1), call.Pool.Refusals);
        Assert.True(Assert.Single(call.Pool.Snapshots()).IsOverloaded);
    }

    [Fact]
    public async Task A_worker_that_holds_as_many_transports_as_it_may_says_so()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { MaxTransportsPerWorker = 1 });
        await call.Router.CreateTransportAsync();
        RouterException refused = await Assert.ThrowsAsync<RouterException>(call.Router.CreateTransportAsync);
        Assert.Equal(RouterError.LimitReached, refused.Error);
        Assert.Equal(1, (await call.Router.GetWorkerSnapshotAsync()).Counters.TransportsRefused);
    }
}
