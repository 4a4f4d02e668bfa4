using Crosspoint.Netem;
using Crosspoint.Primitives;
using Xunit.Abstractions;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>Links that vary, shake, stop and are shared: RFC 8867 §5 and our own.</summary>
public sealed class CongestionHardScenarioTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(60)]
    public void Jitter_IsNoCongestion(double jitter)
    {
        CongestionRig[] rigs = [.. Enumerable.Range(1, 5).Select(seed => Run(RigSource.Greedy(), Steady(2000, 40) with { Jitter = TimeSpan.FromMilliseconds(jitter), Seed = seed }, 60))];
        double[] use = [.. rigs.Select(rig => rig.UsePercent(10, 60))];
        double queue = rigs.Max(rig => rig.QueueP95(10, 60));
        Check(use.Average() >= 95 - (jitter / 3) && use.Min() >= 95 - (jitter / 2), $"use {string.Join(", ", use.Select(percent => $"{percent:0.0}"))} %");
        Check(queue <= 75 + jitter, $"queue {queue:0} ms");
    }

    [Fact]
    public void Reordering_IsNoLoss()
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(2000, 40) with { Reorder = Chance.FromPercent(5), ReorderBy = TimeSpan.FromMilliseconds(15) }, 60);
        Check(rig.UsePercent(10, 60) >= 85, $"use {rig.UsePercent(10, 60):0.0} %");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RadioTrace_IsFollowed(int seed)
    {
        RatePlan trace = RadioTrace.Generate(seed, Bitrate.FromKilobits(2500), Bitrate.FromKilobits(200), TimeSpan.FromSeconds(60), Chance.FromPercent(2), Chance.Never);
        CongestionRig rig = Run(RigSource.Greedy(), Steady(0, 30) with { Rate = trace }, 60);
        Check(rig.UsePercent(5, 60) >= 60, $"use {rig.UsePercent(5, 60):0.0} %");
        Check(rig.QueueP95(5, 60) <= 250, $"queue {rig.QueueP95(5, 60):0} ms");
    }

    // RFC 8867 §5.1
    [Fact]
    public void VariableCapacity_IsFollowed()
    {
        RatePlan rate = new([new(TimeSpan.Zero, Kilobits(1000)), new(TimeSpan.FromSeconds(40), Kilobits(2500)), new(TimeSpan.FromSeconds(60), Kilobits(600)), new(TimeSpan.FromSeconds(80), Kilobits(1000))]);
        CongestionRig rig = Run(RigSource.Greedy(), Steady(0, 50) with { Rate = rate }, 100);
        foreach ((double from, double to) in new[] { (5.0, 40.0), (50, 60), (65, 80), (90, 100) })
        {
            Check(rig.UsePercent(from, to) >= 90, $"use {rig.UsePercent(from, to):0.0} % from {from} to {to}");
        }

        Check(rig.QueueP95(5, 100) <= 100, $"queue {rig.QueueP95(5, 100):0} ms");
    }

    // RFC 8867 §5.3: feedback through a narrow link of its own.
    [Fact]
    public void CongestedFeedback_IsTolerated()
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(2000, 50), 60, new LinkPlan
        {
            Delay = TimeSpan.FromMilliseconds(50),
            Rate = RatePlan.Steady(200),
            Seed = 4,
            Tcp = [new TcpTraffic(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10))],
        });
        Check(rig.UsePercent(10, 60) >= 80, $"use {rig.UsePercent(10, 60):0.0} %");
        Check(rig.QueueP95(10, 60) <= 100, $"queue {rig.QueueP95(10, 60):0} ms");
    }

    // RFC 8867 §5.7
    [Fact]
    public void ShortTcp_PassesBy()
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(2000, 50) with
        {
            Tcp = [.. Enumerable.Range(0, 10).Select(i => new TcpTraffic(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10 + (i * 8)), null, 500_000))],
        }, 100);
        Check(rig.UsePercent(10, 100) >= 40, $"use {rig.UsePercent(10, 100):0.0} % others {rig.CrossKilobits(10, 100):0}");
        Check(rig.UsePercent(10, 100) + (rig.CrossKilobits(10, 100) / 20) >= 80, $"together {rig.UsePercent(10, 100) + (rig.CrossKilobits(10, 100) / 20):0.0} %");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3000)]
    [InlineData(8000)]
    public void AnOutage_IsRecoveredFrom(double milliseconds)
    {
        TimeSpan until = TimeSpan.FromSeconds(20) + TimeSpan.FromMilliseconds(milliseconds);
        LinkPlan plan = Steady(0, 30) with { Rate = new RatePlan([new(TimeSpan.Zero, Kilobits(2000)), new(TimeSpan.FromSeconds(20), Bitrate.Zero), new(until, Kilobits(2000))]) };
        CongestionRig rig = Run(RigSource.Greedy(), plan, 60);
        double end = until.TotalSeconds;
        double back = rig.Between(end, 60).FirstOrDefault(sample => sample.Target.KilobitsPerSecond >= 0.9 * 2000)?.Seconds - end ?? 99;
        Check(rig.Between(20 + (milliseconds / 2000), end).Min(sample => sample.Target.KilobitsPerSecond) < 1700, $"target {rig.TargetKilobits(end - 0.5, end):0}");
        Check(back <= 10, $"back {back:0.0} s");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void AfterALongSlowTime_TheRateIsBackSoon(double seconds)
    {
        LinkPlan plan = Steady(0, 25) with { Rate = new RatePlan([new(TimeSpan.Zero, Kilobits(3000)), new(TimeSpan.FromSeconds(20), Kilobits(300)), new(TimeSpan.FromSeconds(20 + seconds), Kilobits(3000))]) };
        CongestionRig rig = Run(RigSource.Greedy(), plan, 40 + seconds);
        double back = rig.Between(20 + seconds, 40 + seconds).FirstOrDefault(sample => sample.Target.KilobitsPerSecond >= 0.9 * 3000)?.Seconds - 20 - seconds ?? 99;
        Check(back <= 10, $"back {back:0.0} s");
    }

    // A deep queue does not hide the step: it must be drained.
    [Theory]
    [InlineData(1000)]
    [InlineData(3000)]
    public void ADeepQueue_IsDrained(double queue)
    {
        LinkPlan plan = Steady(0, 25) with
        {
            Queue = new QueuePlan { Time = TimeSpan.FromMilliseconds(queue) },
            Rate = new RatePlan([new(TimeSpan.Zero, Kilobits(3000)), new(TimeSpan.FromSeconds(20), Kilobits(300))]),
        };
        CongestionRig rig = Run(RigSource.Greedy(), plan, 50);
        double adapted = rig.Between(20, 50).First(sample => sample.Target.KilobitsPerSecond < 300).Seconds - 20;
        double drained = rig.Between(20.5, 50).First(sample => sample.Queue < TimeSpan.FromMilliseconds(50)).Seconds - 20;
        Check(adapted <= 1, $"adapted {adapted:0.0} s");
        Check(drained <= (queue / 1000 * 2) + 3, $"back {drained:0.0} s drained");
        Check(rig.UsePercent(30, 50) >= 90, $"use {rig.UsePercent(30, 50):0.0} %");
    }

    [Fact]
    public void BurstLoss_KeepsTheRate()
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(2000, 40) with { Burst = new BurstLoss(Chance.FromPercent(1), Chance.FromPercent(25), Chance.FromPercent(80)) }, 60);
        Check(rig.UsePercent(10, 60) >= 75, $"use {rig.UsePercent(10, 60):0.0} %");
    }

    // More is wanted only later: the target found before must not be stale, and what is new must be found.
    [Fact]
    public void APause_IsResumedFrom()
    {
        RigSource source = new(Kilobits(5000), (now, target) => (now.TotalMilliseconds / 1000) is > 21 and < 41 ? Bitrate.Zero : target, TimeSpan.FromMilliseconds(33));
        CongestionRig rig = Run(source, Steady(2000, 40), 60);
        Check(rig.UsePercent(45, 60) >= 85, $"use {rig.UsePercent(45, 60):0.0} %");
        Check(rig.QueueP95(40, 60) <= 100, $"queue {rig.QueueP95(40, 60):0} ms");
    }

    // Half the link is others' for 20 s, at a rate that yields to nobody: what is left is ours, without a queue that stays.
    [Fact]
    public void ConstantTraffic_IsYieldedTo()
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(3000, 25) with { Constant = [new ConstantTraffic(Kilobits(1500), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40))] }, 60);
        Check(rig.Between(20, 40).First(sample => sample.Seconds > 20.5 && sample.Queue < TimeSpan.FromMilliseconds(30)).Seconds <= 22, "drained within 2 s");
        Check(rig.QueueP95(22, 40) <= 100, $"queue {rig.QueueP95(22, 40):0} ms");
        Check(rig.UsePercent(22, 40) >= 40, $"use {rig.UsePercent(22, 40):0.0} %");
        Check(rig.UsePercent(50, 60) >= 85, $"use {rig.UsePercent(50, 60):0.0} % after");
    }

    // RFC 8867 §5.4 and §5.5: three of us, beginning 20 s apart, with the same and with different round trips.
    [Theory]
    [InlineData(50, 50, 50)]
    [InlineData(10, 50, 100)]
    [InlineData(100, 50, 10)]
    public void OurOwnCompany_GetsAShareEach(double first, double second, double third)
    {
        RigLink link = new(Steady(3500, 10));
        CongestionRig[] rigs = [.. new[] { first, second, third }.Select((delay, i) => new CongestionRig(
            RigSource.Greedy(), link, new LinkPlan { Delay = TimeSpan.FromMilliseconds(delay) }, RigLink.Begin + TimeSpan.FromSeconds(20 * i)))];
        CongestionRig.RunTogether(160, rigs);
        Show(rigs[0]);
        double[] shares = [.. rigs.Select(rig => rig.DeliveredKilobits(100, 160))];
        double fairness = Math.Pow(shares.Sum(), 2) / (shares.Length * shares.Sum(share => share * share)); // Jain's index
        string text = $"use {shares.Sum() / 35:0.0} % fairness {fairness:0.00} shares {string.Join(' ', shares.Select(share => $"{share:0}"))}";
        Check(shares.Sum() >= 0.9 * 3500, text);
        Check(fairness >= 0.9, text);
        Check(rigs[0].QueueP95(60, 160) <= 120, $"queue {rigs[0].QueueP95(60, 160):0} ms");
    }

    private static Bitrate Kilobits(double kilobits) => Bitrate.FromKilobits(kilobits);

    private static LinkPlan Steady(double kilobits, double delay) =>
        new() { Rate = RatePlan.Steady(kilobits), Delay = TimeSpan.FromMilliseconds(delay), Seed = 42 };

    private CongestionRig Run(RigSource source, LinkPlan plan, double seconds, LinkPlan? back = null)
    {
        CongestionRig rig = new CongestionRig(source, plan, back).Run(seconds);
        Show(rig);
        return rig;
    }

    private void Show(CongestionRig rig)
    {
        foreach (RigSample sample in rig.Samples.Where((_, i) => i % 5 == 4))
        {
            output.WriteLine(sample.ToString());
        }
    }

    private void Check(bool holds, string text)
    {
        output.WriteLine(text);
        Assert.True(holds, text);
    }
}
