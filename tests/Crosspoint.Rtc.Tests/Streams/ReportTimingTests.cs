using Crosspoint.Primitives;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Tests.Streams;

public sealed class ReportTimingTests
{
    // RFC 3550 §6.4.1: A − LSR − DLSR, in 1/65536 s.
    [Theory]
    [InlineData(0xB710_8000u, 0xB705_2000u, 0x0005_4000u, true, 6.125)] // the RFC's own example
    [InlineData(0x0000_8000u, 0xFFFF_8000u, 0x0000_8000u, true, 0.5)] // over the wrap
    [InlineData(5u, 0u, 0u, false, 0)] // nothing quoted
    [InlineData(0x0001_0000u, 0x0001_0001u, 0u, true, 0)] // rounding
    [InlineData(0x0001_0000u, 0x0003_0000u, 0u, false, 0)] // from the future
    [InlineData(0x0100_0000u, 0x0001_0000u, 0u, false, 0)] // minutes
    public void A_round_trip_is_now_less_what_is_quoted_less_the_delay(uint now, uint quoted, uint delay, bool taken, double seconds)
    {
        RttEstimator estimator = default;
        Assert.Equal(taken, estimator.Update(new((ulong)now << 16), new(quoted), new(delay)));
        Assert.Equal(taken, estimator.HasSample);
        Assert.Equal(seconds, estimator.Last.TotalSeconds, 3);
        Assert.Equal(taken ? seconds : 9, estimator.Or(TimeSpan.FromSeconds(9)).TotalSeconds, 3);
    }

    [Fact]
    public void Samples_are_smoothed_and_the_least_is_kept()
    {
        RttEstimator estimator = default;
        estimator.Update(new(0x0001_1000_0000UL), new(0x0001), new(0x0FFF));
        estimator = default;
        Assert.True(estimator.Update(new(0x2_0000_0000UL), new(0x0001_0000), new(0x0000_8000))); // 500 ms
        Assert.True(estimator.Update(new(0x2_0000_0000UL), new(0x0001_0000), new(0x0000_C000))); // 250 ms
        Assert.Equal(468.75, estimator.Smoothed.TotalMilliseconds, 3);
        Assert.Equal(250, estimator.Minimum.TotalMilliseconds, 3);
    }

    [Theory]
    [InlineData(true, 500, 1500)]
    [InlineData(false, 2500, 7500)]
    public void Reports_are_spread_around_their_interval(bool video, double least, double most)
    {
        ReportScheduler scheduler = new(new ReportSchedulerOptions(), new SeededRandomSource(8));
        Assert.False(scheduler.TryTake(Instant.FromMilliseconds(1e9)));
        scheduler.Start(Instant.Zero, video);
        Assert.InRange(scheduler.NextTimeout.TotalMilliseconds, least / 2, most / 2);
        Instant last = scheduler.NextTimeout;
        double sum = 0;
        for (int i = 0; i < 500; i++)
        {
            Assert.False(scheduler.TryTake(last - TimeSpan.FromTicks(1)));
            Assert.True(scheduler.TryTake(last));
            double gap = (scheduler.NextTimeout - last).TotalMilliseconds;
            Assert.InRange(gap, least, most);
            sum += gap;
            last = scheduler.NextTimeout;
        }

        Assert.InRange(sum / 500, (least + most) / 2 * 0.95, (least + most) / 2 * 1.05);
        scheduler.Stop();
        Assert.True(scheduler.NextTimeout.IsNever);
    }

    [Fact]
    public void Video_that_joins_shortens_the_wait()
    {
        ReportScheduler scheduler = new(new ReportSchedulerOptions(), new SeededRandomSource(8));
        scheduler.Start(Instant.Zero, hasVideo: false);
        scheduler.TryTake(scheduler.NextTimeout);
        Instant now = scheduler.NextTimeout - TimeSpan.FromMilliseconds(2400);
        scheduler.SetHasVideo(now, true);
        Assert.InRange((scheduler.NextTimeout - now).TotalMilliseconds, 500, 1500);
    }

    [Theory]
    [InlineData("5 6 7", "65541 65542 65543")]
    [InlineData("65535 0 65534 1", "131071 131072 131070 131073")]
    [InlineData("0 65535", "65536 65535")]
    public void Numbers_unwrap_by_the_nearest_way(string sequence, string expected)
    {
        SequenceUnwrapper unwrapper = default;
        Assert.Equal(expected, string.Join(' ', sequence.Split(' ').Select(s => unwrapper.Unwrap(new(ushort.Parse(s))))));
    }
}
