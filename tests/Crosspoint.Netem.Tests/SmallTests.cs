using Crosspoint.Primitives;

namespace Crosspoint.Netem.Tests;

public class SmallTests
{
    [Theory]
    [InlineData(50, 50)]
    [InlineData(95, 95)]
    [InlineData(100, 100)]
    [InlineData(1, 1)]
    public void A_percentile_is_what_so_many_did_not_exceed(int percent, int milliseconds)
    {
        DelayHistogram histogram = new();
        for (int i = 0; i < 100; i++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), histogram.Percentile(percent));
    }

    [Fact]
    public void Nothing_has_no_percentile() => Assert.Equal(TimeSpan.Zero, new DelayHistogram().Percentile(95));

    [Fact]
    public void A_radio_moves_about_its_mean_and_never_below_its_floor()
    {
        RatePlan trace = RadioTrace.Generate(1, Bitrate.FromKilobits(3000), Bitrate.FromKilobits(300), TimeSpan.FromSeconds(120), Chance.FromPercent(1), Chance.FromPercent(0.5));
        Bitrate[] rates = [.. trace.Steps.Select(step => step.Rate).Where(rate => rate.BitsPerSecond > 0)];
        Assert.InRange(rates.Average(rate => rate.KilobitsPerSecond), 2000, 3500);
        Assert.True(rates.Min() >= Bitrate.FromKilobits(300));
        Assert.True(rates.Max() > Bitrate.FromKilobits(4000));
        Assert.Contains(trace.Steps, step => step.Rate == Bitrate.Zero);
    }

    [Fact]
    public void A_line_of_text_is_a_plan()
    {
        Assert.True(LinkPlanText.TryParse("rate=3mbit@0s;300kbit@10s, delay=50ms, jitter=5ms, queue=64kb, codel, loss=2.5%, burst=1%:25%:90%, reorder=1%:15ms, duplicate=0.5%, cross=200kbit, tcp=50ms", 9, out LinkPlan plan, out _));
        Assert.Equal(Bitrate.FromKilobits(300), plan.Rate!.At(TimeSpan.FromSeconds(11)));
        Assert.Equal((50, 5, 64_000, true), (plan.Delay.TotalMilliseconds, plan.Jitter.TotalMilliseconds, plan.Queue.Bytes, plan.Queue.CoDel));
        Assert.Equal((25_000, 10_000, 15, 5_000), (plan.Loss.PartsPerMillion, plan.Reorder.PartsPerMillion, plan.ReorderBy.TotalMilliseconds, plan.Duplicate.PartsPerMillion));
        Assert.Equal((900_000, 1, 1, 9L), (plan.Burst!.Value.LossWhenBad.PartsPerMillion, plan.Constant.Count, plan.Tcp.Count, plan.Seed));
    }

    [Theory]
    [InlineData("rate=fast")]
    [InlineData("rate=1mbit@1s")]
    [InlineData("rate=1mbit;2mbit@0s")]
    [InlineData("rate=-1mbit")]
    [InlineData("rate=1e99mbit")]
    [InlineData("loss=101%")]
    [InlineData("loss=5")]
    [InlineData("delay=")]
    [InlineData("delay=NaNms")]
    [InlineData("queue=9999999999mb")]
    [InlineData("burst=1%")]
    [InlineData("codel=1")]
    [InlineData("colour=red")]
    public void What_is_no_plan_is_said(string text)
    {
        Assert.False(LinkPlanText.TryParse(text, 1, out _, out string error));
        Assert.Contains(text, error, StringComparison.Ordinal);
    }
}
