using Crosspoint.Calls.Limits;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Tests.Limits;

public class JoinQueueTests
{
    private static readonly JoinPlan Plan = new(TimeSpan.FromMilliseconds(100), Burst: 3, MaxWaiting: 5);

    private readonly JoinQueue<string> _queue = new(Plan);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(6, 3)]
    public void A_burst_comes_in_at_once_and_the_rest_waits(int wanting, int admitted)
    {
        int atOnce = Enumerable.Range(0, wanting).Count(index => Enter(0, JoinLane.Newcomer, $"n{index}") == JoinVerdict.Admitted);
        Assert.Equal(admitted, atOnce);
        Assert.Equal(wanting - admitted, _queue.Waiting(JoinLane.Newcomer));
    }

    [Fact]
    public void After_the_burst_one_comes_in_each_interval_in_the_order_they_came()
    {
        Fill(0, "n", 8);
        List<(double At, string Who)> let = [];
        while (!_queue.NextTimeout.IsNever)
        {
            Instant now = _queue.NextTimeout;
            Assert.False(_queue.TryTake(now - TimeSpan.FromTicks(1), out _));
            Assert.True(_queue.TryTake(now, out string who));
            let.Add((now.TotalMilliseconds, who));
        }

        Assert.Equal([(100, "n3"), (200, "n4"), (300, "n5"), (400, "n6"), (500, "n7")], let);
    }

    [Theory]
    [InlineData(550, 0)] // the bucket was empty at 500, one interval fills one place
    [InlineData(600, 1)]
    [InlineData(700, 2)]
    [InlineData(800, 3)]
    [InlineData(90_000, 3)] // and not more than it holds
    public void A_quiet_time_fills_the_bucket_again(double at, int admitted)
    {
        Fill(0, "n", 8);
        while (!_queue.NextTimeout.IsNever)
        {
            Assert.True(_queue.TryTake(_queue.NextTimeout, out _));
        }

        Assert.Equal(admitted, Enumerable.Range(0, 5).Count(index => Enter(at, JoinLane.Newcomer, $"m{index}") == JoinVerdict.Admitted));
    }

    [Fact]
    public void A_late_timer_lets_in_all_who_should_have_been()
    {
        Fill(0, "n", 8);
        Assert.Equal(["n3", "n4"], TakeAt(250));
        Assert.Equal(300, _queue.NextTimeout.TotalMilliseconds);
    }

    [Fact]
    public void Who_comes_while_others_wait_waits_too_even_when_a_token_is_there()
    {
        Fill(0, "n", 4);
        Assert.Equal(JoinVerdict.Waiting, Enter(150, JoinLane.Newcomer, "late"));
        Assert.Equal(["n3"], TakeAt(150));
        Assert.Equal(["late"], TakeAt(200));
    }

    [Fact]
    public void Who_comes_back_goes_first_but_a_newcomer_comes_after_three_of_them()
    {
        Fill(0, "x", 3);
        Enter(0, JoinLane.Newcomer, "n0");
        Enter(0, JoinLane.Newcomer, "n1");
        for (int index = 0; index < 5; index++)
        {
            Assert.Equal(JoinVerdict.Waiting, Enter(1, JoinLane.Returning, $"r{index}"));
        }

        Assert.Equal(["r0", "r1", "r2", "n0", "r3", "r4", "n1"], TakeUntil(700));
    }

    [Fact]
    public void Newcomers_cannot_fill_the_place_of_those_who_come_back()
    {
        Fill(0, "n", 3 + Plan.MaxWaiting);
        Assert.Equal(JoinVerdict.Refused, Enter(0, JoinLane.Newcomer, "one too many"));
        Fill(0, "r", Plan.MaxWaiting, JoinLane.Returning);
        Assert.Equal(JoinVerdict.Refused, Enter(0, JoinLane.Returning, "one too many"));
        Assert.Equal(2 * Plan.MaxWaiting, TakeUntil(60_000).Count);
    }

    [Fact]
    public void Who_leaves_gives_up_the_place_and_spends_nothing()
    {
        Fill(0, "n", 3);
        Enter(0, JoinLane.Newcomer, "goes", out LinkedListNode<string>? ticket);
        Enter(0, JoinLane.Newcomer, "stays");
        Assert.True(_queue.Leave(ticket!));
        Assert.False(_queue.Leave(ticket!));
        Assert.Equal(["stays"], TakeUntil(100));
        Assert.True(_queue.NextTimeout.IsNever);
        Assert.False(_queue.TryTakeAnyway(out _));
    }

    [Theory]
    [InlineData(125, 20, 8, 1000)]
    [InlineData(1, 1, 1, 1)]
    public void As_many_may_wait_as_come_in_within_the_longest_wait(int rate, int burst, int seconds, int waiting)
    {
        JoinPlan plan = JoinPlan.Of(new() { JoinRate = rate, JoinBurst = burst, JoinWait = TimeSpan.FromSeconds(seconds) });
        Assert.True(plan.IsOn);
        Assert.Equal((burst, waiting), (plan.Burst, plan.MaxWaiting));
        Assert.Equal(1.0 / rate, plan.Interval.TotalSeconds, 5);
        Assert.False(JoinPlan.Of(new() { JoinRate = 0 }).IsOn);
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private JoinVerdict Enter(double at, JoinLane lane, string who) => Enter(at, lane, who, out _);

    private JoinVerdict Enter(double at, JoinLane lane, string who, out LinkedListNode<string>? ticket) => _queue.Enter(At(at), lane, who, out ticket);

    private void Fill(double at, string name, int count, JoinLane lane = JoinLane.Newcomer)
    {
        for (int index = 0; index < count; index++)
        {
            Assert.NotEqual(JoinVerdict.Refused, Enter(at, lane, $"{name}{index}"));
        }
    }

    private List<string> TakeUntil(double at)
    {
        List<string> taken = [];
        while (_queue.NextTimeout <= At(at))
        {
            Assert.True(_queue.TryTake(_queue.NextTimeout, out string who));
            taken.Add(who);
        }

        return taken;
    }

    private List<string> TakeAt(double at)
    {
        List<string> taken = [];
        while (_queue.TryTake(At(at), out string who))
        {
            taken.Add(who);
        }

        return taken;
    }
}
