using Crosspoint.Workers.Threads;

namespace Crosspoint.Workers.Tests;

public class PinningTests
{
    [Fact]
    public void A_thread_is_pinned_to_one_of_the_cores_it_had()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        (IReadOnlyList<int> before, IReadOnlyList<int> after, bool pinned) = ([], [], false);
        Thread thread = new(() =>
        {
            before = CoreAffinity.Allowed();
            pinned = CoreAffinity.TryPin(before[^1]);
            after = CoreAffinity.Allowed();
        });
        thread.Start();
        thread.Join();
        Assert.True(pinned);
        Assert.Equal([before[^1]], after);
        Assert.Equal(CoreAffinity.Allowed(), before); // the others keep theirs
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1023)]
    [InlineData(100_000)]
    public void A_core_that_is_not_there_is_refused(int core) => Assert.False(CoreAffinity.TryPin(core));

    [Fact]
    public async Task Workers_are_pinned_in_turn_and_say_where()
    {
        await using TestCall call = await TestCall.StartAsync(TestCall.Options with { WorkerCount = 2, PinWorkers = true });
        await using RouterHandle second = await call.Pool.CreateRouterAsync(Media.Negotiation.CodecPolicy.Default);
        IReadOnlyList<int> cores = CoreAffinity.Allowed();
        Assert.Empty(call.Incidents);
        foreach (RouterHandle router in (RouterHandle[])[call.Router, second])
        {
            Assert.Equal(cores[router.WorkerIndex % cores.Count], (await router.GetWorkerSnapshotAsync()).Core);
        }
    }

    [Fact]
    public async Task Left_alone_by_default()
    {
        await using TestCall call = await TestCall.StartAsync();
        Assert.Null((await call.Router.GetWorkerSnapshotAsync()).Core);
    }
}
