using Crosspoint.Netem;
using Crosspoint.Primitives;
using Xunit.Abstractions;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>The bars of the issue on the rig: link use, queue, adaptation, loss, company.</summary>
public sealed class CongestionScenarioTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(300, 20)]
    [InlineData(500, 20)]
    [InlineData(1000, 20)]
    [InlineData(2000, 50)]
    [InlineData(3000, 20)]
    [InlineData(5000, 50)]
    [InlineData(3000, 150)]
    public void SteadyLink_IsUsed_WithoutAQueue(double kilobits, double delay)
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(kilobits, delay), 60);
        Assert.True(rig.UsePercent(10, 60) >= 90, Say($"use {rig.UsePercent(10, 60):0.0} %"));
        Assert.True(rig.QueueP95(10, 60) <= 100, Say($"queue {rig.QueueP95(10, 60):0} ms"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(75)]
    public void Step_IsAdaptedTo_AndRecoveredFrom(double delay)
    {
        LinkPlan plan = Steady(3000, delay) with
        {
            Rate = new RatePlan([new(TimeSpan.Zero, Bitrate.FromKilobits(3000)), new(TimeSpan.FromSeconds(20), Bitrate.FromKilobits(300)), new(TimeSpan.FromSeconds(40), Bitrate.FromKilobits(3000))]),
        };
        CongestionRig rig = Run(RigSource.Greedy(), plan, 60);
        double adapted = rig.Between(20, 40).First(sample => sample.Target.KilobitsPerSecond < 300).Seconds - 20;
        double back = rig.Between(40, 60).FirstOrDefault(sample => sample.PassedBytes * 8 / 100.0 >= 0.9 * 3000)?.Seconds - 40 ?? 99;
        Assert.True(adapted <= 2, Say($"adapted {adapted:0.0} s"));
        Assert.True(back <= 10, Say($"back {back:0.0} s"));
        Assert.True(rig.UsePercent(25, 40) >= 90, Say($"use {rig.UsePercent(25, 40):0.0} %"));
        Assert.True(rig.QueueP95(23, 40) <= 100, Say($"queue {rig.QueueP95(23, 40):0} ms"));
        Assert.True(rig.UsePercent(50, 60) >= 90, Say($"use {rig.UsePercent(50, 60):0.0} %"));
    }

    [Theory]
    [InlineData(2, 25)]
    [InlineData(5, 25)]
    [InlineData(5, 50)]
    [InlineData(10, 50)]
    public void RandomLoss_KeepsTheRate(double percent, double delay)
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(2000, delay) with { Loss = Chance.FromPercent(percent) }, 60);
        Assert.True(rig.UsePercent(10, 60) >= 85, Say($"use {rig.UsePercent(10, 60):0.0} %"));
        Assert.True(rig.QueueP95(10, 60) <= 100, Say($"queue {rig.QueueP95(10, 60):0} ms"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3000)]
    public void ShallowQueue_LosesLittle(double kilobits)
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(kilobits, 25) with { Queue = new QueuePlan { Time = TimeSpan.FromMilliseconds(20) } }, 60);
        double loss = rig.Between(10, 60).Average(sample => sample.Loss);
        Assert.True(loss <= 0.06, Say($"loss {loss * 100:0.0} %"));
        Assert.True(rig.UsePercent(10, 60) >= 80, Say($"use {rig.UsePercent(10, 60):0.0} %"));
    }

    [Fact]
    public void CompanyOfTcp_NeitherStarvesNorIsStarved()
    {
        LinkPlan plan = Steady(3000, 25) with { Tcp = [new TcpTraffic(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(80))] };
        CongestionRig rig = Run(RigSource.Greedy(), plan, 100);
        double ours = rig.DeliveredKilobits(30, 80);
        double theirs = rig.CrossKilobits(30, 80);
        Assert.True(ours >= 450, Say($"ours {ours:0} theirs {theirs:0}"));
        Assert.True(theirs >= 450, Say($"ours {ours:0} theirs {theirs:0}"));
    }

    [Fact]
    public void LimitedSource_KeepsWhatItFound()
    {
        CongestionRig rig = Run(RigSource.Limited(500, 2000), Steady(3000, 25), 60);
        double target = rig.TargetKilobits(20, 60);
        Assert.True(target >= 1500, Say($"target {target:0}"));
        Assert.True(rig.PaddingBytes < 60 * 500_000 / 8 * 0.1, Say($"padding {rig.PaddingBytes}"));
    }

    [Fact]
    public void LostFeedback_IsTolerated()
    {
        CongestionRig rig = Run(RigSource.Greedy(), Steady(2000, 25), 60, new LinkPlan { Delay = TimeSpan.FromMilliseconds(25), Loss = Chance.FromPercent(20), Seed = 5 });
        Assert.True(rig.UsePercent(10, 60) >= 85, Say($"use {rig.UsePercent(10, 60):0.0} %"));
        Assert.True(rig.QueueP95(10, 60) <= 100, Say($"queue {rig.QueueP95(10, 60):0} ms"));
    }

    private static LinkPlan Steady(double kilobits, double delay) =>
        new() { Rate = RatePlan.Steady(kilobits), Delay = TimeSpan.FromMilliseconds(delay), Seed = 42 };

    private CongestionRig Run(RigSource source, LinkPlan plan, double seconds, LinkPlan? back = null)
    {
        CongestionRig rig = new CongestionRig(source, plan, back).Run(seconds);
        foreach (RigSample sample in rig.Samples.Where((_, i) => i % 5 == 4))
        {
            output.WriteLine(sample.ToString());
        }

        return rig;
    }

    private string Say(string text)
    {
        output.WriteLine(text);
        return text;
    }
}
