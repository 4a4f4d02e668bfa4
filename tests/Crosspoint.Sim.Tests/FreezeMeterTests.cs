using Crosspoint.Primitives;
using Crosspoint.Sim.Receive;

namespace Crosspoint.Sim.Tests;

public class FreezeMeterTests
{
    // Thirty pictures 33 ms apart, then a gap: the bound is 33 + 150 ms, for three times the mean is less.
    [Theory]
    [InlineData(33, 0, 0)]
    [InlineData(180, 0, 0)]
    [InlineData(184, 1, 0)]
    [InlineData(500, 1, 0)]
    [InlineData(501, 1, 1)]
    public void A_gap_is_a_freeze_by_the_mean_of_the_last_thirty(double gap, int freezes, int above500)
    {
        FreezeMeter meter = new();
        Instant now = Instant.Zero;
        for (int i = 0; i < 31; i++)
        {
            now = Instant.FromMilliseconds(i * 33);
            meter.Show(now);
        }

        meter.Show(now + TimeSpan.FromMilliseconds(gap));
        Assert.Equal((freezes, above500), (meter.Freezes, meter.Gaps.Count));
    }

    [Theory]
    [InlineData(440, 0)]
    [InlineData(450, 1)]
    public void Slow_pictures_freeze_at_three_times_their_mean(double gap, int freezes)
    {
        FreezeMeter meter = new();
        for (int i = 0; i <= 10; i++)
        {
            meter.Show(Instant.FromMilliseconds(i * 150));
        }

        meter.Show(Instant.FromMilliseconds(1500 + gap));
        Assert.Equal(freezes, meter.Freezes);
    }

    [Fact]
    public void Waiting_that_never_ends_counts()
    {
        FreezeMeter meter = new();
        meter.Start(Instant.Zero);
        meter.Stop(Instant.FromMilliseconds(2000));
        Assert.Equal((1, 1, 2000.0), (meter.Freezes, meter.Gaps.Count, meter.Frozen.TotalMilliseconds));
    }

    [Fact]
    public void What_ended_before_counting_began_does_not_count()
    {
        FreezeMeter meter = new();
        meter.Start(Instant.Zero);
        meter.Show(Instant.FromMilliseconds(2000));
        meter.Forget();
        meter.Show(Instant.FromMilliseconds(3500));
        Assert.Single(meter.Gaps);
    }
}
