using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class AcknowledgedRateTests
{
    // Bytes every so many ms from 0 on; the rate over the window in kbit/s, 0 for none.
    [Theory]
    [InlineData(125, 1, 1000, 500, 1000)]
    [InlineData(1250, 10, 1000, 500, 1000)]
    [InlineData(1250, 10, 1000, 150, 1000)]
    [InlineData(5000, 40, 1000, 500, 1000)]
    [InlineData(125, 1, 200, 500, 1000)] // what there is of the window
    [InlineData(125, 1, 50, 500, 0)]     // too little to say
    [InlineData(125, 1, 1000, 5000, 1000)] // the longest window there is
    public void ASteadyStream_HasItsRate(int bytes, int interval, int until, int window, double expected)
    {
        AcknowledgedRate rate = default;
        for (int ms = 7; ms < until; ms += interval)
        {
            rate.Add(Instant.FromMilliseconds(ms), bytes);
        }

        double found = rate.Over(TimeSpan.FromMilliseconds(window))?.KilobitsPerSecond ?? 0;
        Assert.InRange(found, expected * 0.92, expected * 1.08);
    }

    [Theory]
    [InlineData(100, true)]   // a frame or two left out: the rate sinks
    [InlineData(1000, false)] // a pause: nothing is known
    [InlineData(600_000, false)]
    public void APause_IsNoSlowLink(int pause, bool known)
    {
        AcknowledgedRate rate = default;
        for (int ms = 0; ms < 1000; ms++)
        {
            rate.Add(Instant.FromMilliseconds(ms), 125);
        }

        rate.Add(Instant.FromMilliseconds(999 + pause), 125);
        Assert.Equal(known, rate.Over(TimeSpan.FromMilliseconds(500)) is not null);
        for (int ms = 1; ms < 200; ms++)
        {
            rate.Add(Instant.FromMilliseconds(999 + pause + ms), 125);
        }

        double after = rate.Over(TimeSpan.FromMilliseconds(150))!.Value.KilobitsPerSecond;
        Assert.InRange(after, 950, 1050);
    }

    [Fact]
    public void Reordering_CountsWhereItBelongs()
    {
        AcknowledgedRate rate = default;
        for (int ms = 0; ms < 1000; ms++)
        {
            rate.Add(Instant.FromMilliseconds(ms ^ 15), 125);
        }

        Assert.InRange(rate.Over(TimeSpan.FromMilliseconds(500))!.Value.KilobitsPerSecond, 980, 1020);
    }
}
