using Crosspoint.Primitives;

namespace Crosspoint.Netem.Tests;

public class VirtualLinkTests
{
    private static readonly RatePlan Megabit = RatePlan.Steady(1000); // A packet of 1250 bytes takes 10 ms.

    [Fact]
    public void A_perfect_link_hands_over_at_once()
    {
        LinkRun run = new(LinkPlan.Perfect, 5);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => (i, Instant.FromMilliseconds(i))), run.Arrived);
    }

    [Fact]
    public void The_bottleneck_spaces_packets_and_the_delay_comes_on_top()
    {
        LinkRun run = new(new LinkPlan { Rate = Megabit, Delay = TimeSpan.FromMilliseconds(50) }, 4);
        Assert.Equal([60, 70, 80, 90], run.Arrived.Select(a => a.At.TotalMilliseconds));
    }

    [Theory]
    [InlineData(100, null, 10)] // 100 ms at 1 Mbit/s are ten packets, that in front of the bottleneck included.
    [InlineData(null, 5000, 4)]
    [InlineData(100, 5000, 4)]
    [InlineData(1, null, 2)] // Two packets always fit.
    public void What_does_not_fit_the_queue_is_dropped_at_its_tail(int? milliseconds, int? bytes, int fit)
    {
        QueuePlan queue = new() { Time = milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null, Bytes = bytes };
        LinkRun run = new(new LinkPlan { Rate = Megabit, Queue = queue }, 30, everyMilliseconds: 0);
        Assert.Equal(Enumerable.Range(0, fit), run.Arrived.Select(a => a.Packet));
        Assert.Equal(30 - fit, run.Refused.Count);
        Assert.Equal(30 - fit, run.Link.Statistics.DroppedFor(LinkDropReason.QueueFull));
    }

    [Fact]
    public void An_outage_holds_packets_and_lets_them_go()
    {
        RatePlan rate = new([new(TimeSpan.Zero, Bitrate.FromKilobits(1000)), new(TimeSpan.FromMilliseconds(15), Bitrate.Zero), new(TimeSpan.FromMilliseconds(500), Bitrate.FromKilobits(1000))]);
        LinkRun run = new(new LinkPlan { Rate = rate }, 3);
        Assert.Equal([10, 505, 515], run.Arrived.Select(a => a.At.TotalMilliseconds));
    }

    [Fact]
    public void Jitter_keeps_the_order_unless_told_otherwise()
    {
        LinkPlan plan = new() { Delay = TimeSpan.FromMilliseconds(50), Jitter = TimeSpan.FromMilliseconds(40) };
        LinkRun kept = new(plan, 500);
        LinkRun mixed = new(plan with { JitterReorders = true }, 500);
        Assert.Equal(Enumerable.Range(0, 500), kept.Arrived.Select(a => a.Packet));
        Assert.NotEqual(Enumerable.Range(0, 500), mixed.Arrived.Select(a => a.Packet));
        Assert.Equal(Enumerable.Range(0, 500), mixed.Arrived.Select(a => a.Packet).Order());
        Assert.All(mixed.Arrived, a => Assert.InRange((a.At - Instant.FromMilliseconds(a.Packet)).TotalMilliseconds, 50, 90));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(2, 150, 250)]
    [InlineData(10, 900, 1100)]
    [InlineData(100, 10_000, 10_000)]
    public void As_many_are_lost_as_was_asked_for(double percent, int least, int most)
    {
        LinkRun run = new(new LinkPlan { Loss = Chance.FromPercent(percent) }, 10_000);
        Assert.InRange(run.Link.Statistics.DroppedFor(LinkDropReason.Random), least, most);
        Assert.Equal(10_000, run.Arrived.Count + run.Link.Statistics.Dropped);
    }

    [Fact]
    public void Loss_in_bursts_has_its_mean_and_its_length()
    {
        BurstLoss burst = new(Chance.FromPercent(1), Chance.FromPercent(25), Chance.FromPercent(100));
        LinkRun run = new(new LinkPlan { Burst = burst }, 50_000);
        HashSet<int> arrived = [.. run.Arrived.Select(a => a.Packet)];
        int bursts = Enumerable.Range(1, 49_999).Count(i => !arrived.Contains(i) && arrived.Contains(i - 1));
        double lost = 50_000 - arrived.Count;
        Assert.Equal(3.846, burst.Mean.Percent, 2);
        Assert.InRange(lost / 50_000, 0.034, 0.043);
        Assert.InRange(lost / bursts, 3.5, 4.5);
    }

    [Fact]
    public void A_packet_that_is_held_back_is_overtaken()
    {
        LinkRun run = new(new LinkPlan { Reorder = Chance.FromPercent(5), ReorderBy = TimeSpan.FromMilliseconds(3.5) }, 1000);
        Assert.InRange(run.Link.Statistics.Reordered, 30, 70);
        Assert.Equal(run.Link.Statistics.Reordered, run.Arrived.Count(a => a.At > Instant.FromMilliseconds(a.Packet)));
        Assert.NotEqual(Enumerable.Range(0, 1000), run.Arrived.Select(a => a.Packet));
    }

    [Fact]
    public void A_doubled_packet_arrives_twice()
    {
        LinkRun run = new(new LinkPlan { Duplicate = Chance.FromPercent(10) }, 1000);
        Assert.InRange(run.Link.Statistics.Duplicated, 70, 130);
        Assert.Equal(1000 + run.Link.Statistics.Duplicated, run.Arrived.Count);
    }

    [Fact]
    public void Constant_traffic_takes_its_share_of_the_rate()
    {
        LinkPlan plan = new() { Rate = Megabit, Constant = [new ConstantTraffic(Bitrate.FromKilobits(600), TimeSpan.Zero, TimeSpan.FromSeconds(10))] };
        LinkRun run = new(plan, 500, bytes: 1000, everyMilliseconds: 20); // 400 kbit/s
        Assert.Equal(500, run.Arrived.Count);
        Assert.InRange(run.Link.Statistics.CrossBytes, 749_000, 751_200);
        Assert.True(run.Link.Statistics.QueueDelay.Percentile(95) <= TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void A_download_fills_what_is_left_and_keeps_the_queue_full()
    {
        LinkPlan plan = new() { Rate = Megabit, Tcp = [new TcpTraffic(TimeSpan.FromMilliseconds(50), TimeSpan.Zero, TimeSpan.FromSeconds(30))] };
        LinkRun run = new(plan, 300, bytes: 250, everyMilliseconds: 100); // 20 kbit/s
        double used = (run.Link.Statistics.CrossBytes + run.Link.Statistics.PassedBytes) * 8 / 30.0 / 1_000_000;
        Assert.InRange(used, 0.95, 1.02);
        Assert.InRange(run.Link.Statistics.QueueDelay.Percentile(95).TotalMilliseconds, 150, 301);
    }

    [Fact]
    public void A_short_download_ends()
    {
        LinkPlan plan = new() { Rate = Megabit, Tcp = [new TcpTraffic(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), Bytes: 100_000)] };
        LinkRun run = new(plan, 300, bytes: 250, everyMilliseconds: 100);
        Assert.InRange(run.Link.Statistics.CrossBytes, 100_000, 160_000);
    }

    [Fact]
    public void CoDel_keeps_the_queue_of_a_download_short()
    {
        LinkPlan plan = new()
        {
            Rate = RatePlan.Steady(5000),
            Queue = new QueuePlan { CoDel = true, Time = TimeSpan.FromSeconds(1) },
            Tcp = [new TcpTraffic(TimeSpan.FromMilliseconds(50), TimeSpan.Zero, TimeSpan.FromSeconds(30))],
        };
        LinkRun run = new(plan, 300, bytes: 250, everyMilliseconds: 100);
        Assert.InRange(run.Link.Statistics.QueueDelay.Percentile(95).TotalMilliseconds, 1, 60);
    }

    [Fact]
    public void The_plan_can_change_while_packets_wait()
    {
        VirtualLink<int> link = new(new LinkPlan { Rate = RatePlan.Steady(0) }, Instant.Zero);
        Assert.True(link.TryEnqueue(Instant.Zero, 1250, 1));
        Assert.False(link.TryDequeue(Instant.FromMilliseconds(100), out _));
        Assert.True(link.NextDelivery.IsNever);
        link.Change(Instant.FromMilliseconds(100), new LinkPlan { Rate = Megabit });
        Assert.Equal(Instant.FromMilliseconds(110), link.NextDelivery);
        Assert.True(link.TryDequeue(Instant.FromMilliseconds(110), out int packet));
        Assert.Equal(1, packet);
    }

    [Fact]
    public void More_than_may_be_under_way_is_a_counted_drop()
    {
        LinkRun run = new(new LinkPlan { Delay = TimeSpan.FromSeconds(1), MaxUnderWay = 10 }, 50);
        Assert.Equal(10, run.Arrived.Count);
        Assert.Equal(40, run.Link.Statistics.DroppedFor(LinkDropReason.TooManyUnderWay));
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, false)]
    public void A_seed_says_everything(long left, long right, bool same)
    {
        LinkPlan plan = new()
        {
            Rate = RadioTrace.Generate(3, Bitrate.FromKilobits(9000), Bitrate.FromKilobits(500), TimeSpan.FromSeconds(4), Chance.FromPercent(2), Chance.FromPercent(1)),
            Delay = TimeSpan.FromMilliseconds(30),
            Jitter = TimeSpan.FromMilliseconds(15),
            Loss = Chance.FromPercent(2),
            Burst = new BurstLoss(Chance.FromPercent(1), Chance.FromPercent(30), Chance.FromPercent(80)),
            Reorder = Chance.FromPercent(1),
            Duplicate = Chance.FromPercent(1),
            Tcp = [new TcpTraffic(TimeSpan.FromMilliseconds(40), TimeSpan.Zero, TimeSpan.FromSeconds(5))],
        };
        string first = new LinkRun(plan with { Seed = left }, 4000).Print();
        string second = new LinkRun(plan with { Seed = right }, 4000).Print();
        Assert.Equal(same, first == second);
    }

    // Known by heart: if this changes, every published figure of the simulator changes with it.
    [Fact]
    public void A_seed_means_the_same_on_every_machine()
    {
        LinkRandom random = new(1);
        Assert.Equal("12966619160104079557 9600361134598540522 10590380919521690900", $"{random.Next()} {random.Next()} {random.Next()}");
    }
}
