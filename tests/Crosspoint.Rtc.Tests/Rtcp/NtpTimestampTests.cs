using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Rtcp;

public sealed class NtpTimestampTests
{
    [Theory]
    [InlineData("1900-01-01T00:00:00Z", 0x0000_0000_0000_0000)]
    [InlineData("1970-01-01T00:00:00Z", 0x83AA_7E80_0000_0000)]
    [InlineData("2026-11-21T04:31:29.5Z", 0xeeab9d2180000000)]
    [InlineData("2036-02-07T06:28:16Z", 0x0000_0000_0000_0000)] // the era wraps
    public void Calendar_times_are_seconds_since_1900(string time, ulong expected)
    {
        Assert.Equal(expected, NtpTimestamp.From(DateTimeOffset.Parse(time, null)).Value);
    }

    [Fact]
    public void Spans_survive_the_way_there_and_back_to_a_tick()
    {
        Random random = new(5);
        for (int i = 0; i < 10_000; i++)
        {
            NtpTimestamp start = new((ulong)random.NextInt64());
            TimeSpan span = new(random.NextInt64(-TimeSpan.TicksPerDay, TimeSpan.TicksPerDay));
            Assert.InRange(((start + span) - start).Ticks - span.Ticks, -1, 1);
        }
    }

    [Fact]
    public void A_clock_maps_instants_both_ways()
    {
        NtpClock clock = new(Instant.FromMilliseconds(1000), new(0x83AA_7E80_0000_0000));
        Assert.Equal(0x83AA_7E81_8000_0000u, clock.ToNtp(Instant.FromMilliseconds(2500)).Value);
        Assert.Equal(Instant.FromMilliseconds(2500), clock.ToInstant(new(0x83AA_7E81_8000_0000)));
        Assert.Equal(0x7E81_8000u, clock.ToNtp(Instant.FromMilliseconds(2500)).Middle.Value);
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(1000, 65536u)]
    [InlineData(1500, 98304u)]
    [InlineData(-5, 0u)]
    [InlineData(1e9, uint.MaxValue)]
    public void Short_spans_are_clamped(double milliseconds, uint expected)
    {
        Assert.Equal(expected, NtpShort.From(TimeSpan.FromMilliseconds(milliseconds)).Value);
    }
}
