using Crosspoint.Primitives;

namespace Crosspoint.Netem.Tests;

public class RatePlanTests
{
    // 1 Mbit/s, from 1 s on nothing, from 2 s on 2 Mbit/s.
    private static readonly RatePlan Steps = new(
    [
        new(TimeSpan.Zero, Bitrate.FromKilobits(1000)),
        new(TimeSpan.FromSeconds(1), Bitrate.Zero),
        new(TimeSpan.FromSeconds(2), Bitrate.FromKilobits(2000)),
    ]);

    [Theory]
    [InlineData(0, 1250, 10)]
    [InlineData(500, 1250, 510)]
    [InlineData(990, 1250, 1000)] // Out just before the outage.
    [InlineData(995, 1250, 2002.5)] // Half before it, half at twice the rate after it.
    [InlineData(1500, 1250, 2005)]
    [InlineData(0, 250_000, 2500)]
    public void A_packet_is_out_when_its_bits_have_passed_every_step(double start, int bytes, double finish) =>
        Assert.Equal(Instant.FromMilliseconds(finish), Steps.Finish(Instant.Zero, Instant.FromMilliseconds(start), bytes));

    [Theory]
    [InlineData(0, 1000, 125_000)]
    [InlineData(1000, 2000, 0)]
    [InlineData(500, 2500, 62_500 + 125_000)]
    public void Capacity_is_what_can_pass(int from, int to, long bytes) =>
        Assert.Equal(bytes, Steps.Capacity(TimeSpan.FromMilliseconds(from), TimeSpan.FromMilliseconds(to)));

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(999, 1000)]
    [InlineData(1000, 0)]
    [InlineData(2000, 2000)]
    [InlineData(1_000_000, 2000)]
    public void The_rate_is_that_of_the_last_step(int at, int kilobits) =>
        Assert.Equal(Bitrate.FromKilobits(kilobits), Steps.At(TimeSpan.FromMilliseconds(at)));

    [Theory]
    [InlineData(2999, 2000)]
    [InlineData(3000, 1000)]
    [InlineData(4500, 0)]
    [InlineData(8000, 2000)]
    public void A_trace_begins_again(int at, int kilobits)
    {
        RatePlan trace = new(Steps.Steps, TimeSpan.FromSeconds(3));
        Assert.Equal(Bitrate.FromKilobits(kilobits), trace.At(TimeSpan.FromMilliseconds(at)));
    }

    [Fact]
    public void A_packet_may_take_several_periods()
    {
        RatePlan trace = new(Steps.Steps, TimeSpan.FromSeconds(3)); // 375,000 bytes in each period.
        Assert.Equal(Instant.FromMilliseconds(3010), trace.Finish(Instant.Zero, Instant.Zero, 375_000 + 1250));
    }

    [Fact]
    public void Nothing_leaves_a_link_that_carries_nothing()
    {
        Assert.True(RatePlan.Steady(0).Finish(Instant.Zero, Instant.Zero, 1).IsNever);
        Assert.True(new RatePlan([new(TimeSpan.Zero, Bitrate.Zero)], TimeSpan.FromSeconds(1)).Finish(Instant.Zero, Instant.Zero, 1).IsNever);
    }

    [Fact]
    public void A_plan_that_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new RatePlan([]));
        Assert.Throws<ArgumentException>(() => new RatePlan([new(TimeSpan.FromSeconds(1), Bitrate.Zero)]));
        Assert.Throws<ArgumentException>(() => new RatePlan([new(TimeSpan.Zero, Bitrate.Zero), new(TimeSpan.Zero, Bitrate.Zero)]));
        Assert.Throws<ArgumentException>(() => new RatePlan([new(TimeSpan.Zero, Bitrate.Zero), new(TimeSpan.FromSeconds(2), Bitrate.Zero)], TimeSpan.FromSeconds(1)));
    }
}
