using Crosspoint.Primitives;
using Crosspoint.Workers.Load;

namespace Crosspoint.Workers.Tests;

public class LoadMeterTests
{
    private TimeSpan _processor;
    private Instant _now = Instant.Zero;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void It_follows_the_share_of_time_outside_waiting(double share)
    {
        LoadMeter load = Begin();
        Run(load, seconds: 10, busy: share, processor: 0);
        Assert.Equal(share, load.Ratio, 0.001);
    }

    [Fact]
    public void Processor_time_counts_where_it_is_more_than_the_turns_show()
    {
        LoadMeter load = Begin();
        Run(load, seconds: 10, busy: 0.2, processor: 0.6);
        Assert.Equal(0.6, load.Ratio, 0.001);
    }

    [Fact]
    public void Handshakes_are_left_out()
    {
        LoadMeter load = Begin();
        for (int i = 0; i < 2000; i++)
        {
            load.CountHandshakes(TimeSpan.FromMilliseconds(3.5));
            Run(load, seconds: 0.005, busy: 1, processor: 1);
        }

        Assert.Equal(0.3, load.Ratio, 0.001);
    }

    [Fact]
    public void It_is_smoothed_over_about_a_second()
    {
        LoadMeter load = Begin();
        Run(load, seconds: 1, busy: 1, processor: 0);
        Assert.InRange(load.Ratio, 0.55, 0.7);
    }

    [Fact]
    public void A_short_storm_is_no_overload_and_one_that_stays_is()
    {
        LoadMeter load = Begin();
        Run(load, seconds: 2.5, busy: 1, processor: 0);
        Assert.False(load.IsOverloaded);
        Run(load, seconds: 2.5, busy: 1, processor: 0);
        Assert.True(load.IsOverloaded);
    }

    [Fact]
    public void Overload_ends_a_tenth_below_the_limit_and_not_before()
    {
        LoadMeter load = Begin();
        Run(load, seconds: 10, busy: 1, processor: 0);
        Run(load, seconds: 10, busy: 0.8, processor: 0);
        Assert.True(load.IsOverloaded);
        Run(load, seconds: 10, busy: 0.74, processor: 0);
        Assert.False(load.IsOverloaded);
        Run(load, seconds: 10, busy: 0.8, processor: 0);
        Assert.False(load.IsOverloaded);
    }

    [Fact]
    public void Without_a_limit_there_is_no_overload()
    {
        LoadMeter load = new(double.PositiveInfinity, () => _processor);
        load.Start(_now);
        Run(load, seconds: 60, busy: 1, processor: 1);
        Assert.False(load.IsOverloaded);
    }

    private LoadMeter Begin()
    {
        LoadMeter load = new(0.85, () => _processor);
        load.Start(_now);
        return load;
    }

    private void Run(LoadMeter load, double seconds, double busy, double processor)
    {
        TimeSpan turn = TimeSpan.FromMilliseconds(5);
        for (Instant end = _now + TimeSpan.FromSeconds(seconds); _now < end;)
        {
            _now += turn;
            _processor += turn * processor;
            load.CountTurn(_now, turn * busy);
        }
    }
}
