using Crosspoint.Media.Allocation;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Allocation;

/// <summary>Rates in kbit/s, times in seconds.</summary>
public class RiseLimitTests
{
    private static readonly AllocationOptions Options = new() { HoldAfterFailure = TimeSpan.FromSeconds(10), HoldGrowth = 2 };

    private RiseLimit _limit = new();

    [Fact]
    public void Nothing_limits_who_never_had_too_much() => Assert.Equal(5000, Most(0, 5000));

    [Fact]
    public void What_was_too_much_is_not_tried_again_and_less_is()
    {
        Fall(0, 1000);
        Assert.Equal(950, Most(3, 1200));
        Assert.Equal(800, Most(4, 800));
        Assert.Equal(1200, Most(10, 1200));
    }

    [Fact]
    public void Each_further_time_it_waits_longer_up_to_two_minutes()
    {
        double now = 0;
        foreach (double wait in (double[])[10, 20, 40, 80, 120, 120])
        {
            Fall(now, 1000);
            Assert.Equal(950, Most(now + wait - 0.1, 1200));
            Assert.Equal(1200, Most(now + wait, 1200));
            now += wait;
            _limit.HandleRise(At(now), Bitrate.FromKilobits(950));
            now += 2;
        }
    }

    [Fact]
    public void By_default_holds_are_20_seconds_and_each_half_as_long_again()
    {
        AllocationOptions options = new();
        double now = 0;
        foreach (double wait in (double[])[20, 30, 45, 67.5, 101.25, 120])
        {
            _limit.HandleFall(At(now), Bitrate.FromKilobits(1000), options);
            Assert.Equal(950, _limit.Most(At(now + wait - 0.1), Bitrate.FromKilobits(1200), options).KilobitsPerSecond);
            now += wait;
            Assert.Equal(1200, _limit.Most(At(now), Bitrate.FromKilobits(1200), options).KilobitsPerSecond);
            _limit.HandleRise(At(now), Bitrate.FromKilobits(950));
            now += 2;
        }
    }

    [Fact]
    public void A_rise_that_was_right_for_long_is_forgiven()
    {
        Fall(0, 1000);
        _limit.HandleRise(At(10), Bitrate.FromKilobits(950));
        Fall(12, 1000);
        _limit.HandleRise(At(32), Bitrate.FromKilobits(950));
        Fall(62, 1000);
        Assert.Equal(1200, Most(72, 1200));
    }

    [Fact]
    public void A_fall_in_steps_is_one()
    {
        Fall(0, 1000);
        Fall(0.5, 900);
        Fall(1, 800);
        Assert.Equal(950, Most(9, 1200));
        Assert.Equal(1200, Most(10, 1200));
    }

    [Fact]
    public void What_was_right_until_a_moment_ago_is_not_risen_to_again_at_once()
    {
        Fall(0, 1000);
        _limit.HandleRise(At(10), Bitrate.FromKilobits(950));
        Fall(12, 1000);

        // Nobody rose since, and less is too much: for 10 s nobody takes what another gave up, then what was right before is right again.
        Fall(19, 800);
        Assert.Equal(760, Most(28.9, 1200));
        Assert.Equal(950, Most(29, 1200));
        Assert.Equal(1200, Most(32, 1200));
    }

    [Fact]
    public void With_much_more_it_need_not_wait()
    {
        Fall(0, 1000);
        Assert.Equal(950, Most(1.9, 1500));
        Assert.Equal(950, Most(2, 1499));
        Assert.Equal(1500, Most(2, 1500));
    }

    [Fact]
    public void A_network_that_stays_much_slower_is_another_and_one_that_was_for_a_moment_is_not()
    {
        Fall(0, 1000);
        Assert.Equal(300, Most(0.1, 300));
        Assert.Equal(800, Most(1, 800));
        Assert.Equal(950, Most(3, 1200));

        _limit.HandleRise(At(12), Bitrate.FromKilobits(950));
        Fall(20, 1000);
        Most(20.1, 300);
        Assert.Equal(300, Most(25, 300));
        Assert.Equal(950, Most(25.05, 1200));

        Most(25.2, 300);
        Most(30.2, 300);
        Assert.Equal(1200, Most(30.3, 1200));
    }

    // What was sent before the rise that failed, and what may be risen to then.
    [Theory]
    [InlineData(980, 950)]
    [InlineData(900, 922.5)] // a step of a tenth, and costs breathe by a twentieth: no further than what was right before it
    [InlineData(700, 717.5)]
    [InlineData(600, 950)] // that was more than a step: what lies between may be right
    [InlineData(0, 950)]
    public void A_step_that_was_too_much_is_not_let_through_because_it_costs_a_little_less(double before, double ceiling)
    {
        _limit.HandleRise(At(0), Bitrate.FromKilobits(before));
        Fall(2, 1000);
        Assert.Equal(ceiling, Most(5, 1200), 0.01);
    }

    [Fact]
    public void A_video_that_is_not_seen_is_tried_sooner_than_a_step_of_one_that_is()
    {
        double now = 0;
        foreach ((double all, double dark) in ((double, double)[])[(10, 2.5), (20, 5), (40, 10), (80, 15), (120, 15)])
        {
            Fall(now, 1000);
            Assert.Equal((950, 950), Both(now + dark - 0.1));
            Assert.Equal((950, 1200), Both(now + dark));
            Assert.Equal((950, 1200), Both(now + all - 0.1));
            Assert.Equal((1200, 1200), Both(now + all));
            now += all;
            _limit.HandleRise(At(now), Bitrate.Zero);
            now += 2;
        }
    }

    private (double All, double Dark) Both(double at)
    {
        Bitrate most = _limit.Most(At(at), Bitrate.FromKilobits(1200), Options);
        return (most.KilobitsPerSecond, _limit.MostToBegin(At(at), Bitrate.FromKilobits(1200), most, Options).KilobitsPerSecond);
    }

    private static Instant At(double seconds) => Instant.FromMilliseconds(seconds * 1000);

    private double Most(double at, double budget) => _limit.Most(At(at), Bitrate.FromKilobits(budget), Options).KilobitsPerSecond;

    private void Fall(double at, double total) => _limit.HandleFall(At(at), Bitrate.FromKilobits(total), Options);
}
