using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>Groups, trend, detector and queue, each on rows of delays.</summary>
public sealed class DelayFilterTests
{
    // "sent/received" in ms; what groups come out, as "sent/last received/delay".
    [Theory]
    [InlineData("0/50 1/51 5/55 10/60", "0/55/50")]
    [InlineData("0/50 0/60 0/70 20/80", "0/70/50")] // a burst: its first packet tells the queue it met
    [InlineData("0/60 0/50 20/80", "0/60/50")]      // overtaken on the way
    [InlineData("0/50 20/70 3/90 40/100", "0/50/50 20/70/50")] // reported late: no group of its own
    [InlineData("0/50 6/56 12/62", "0/50/50 6/56/50")]
    public void Groups(string packets, string expected)
    {
        DelayGroups groups = default;
        List<string> found = [];
        foreach (string packet in packets.Split(' '))
        {
            double[] times = [.. packet.Split('/').Select(double.Parse)];
            if (groups.Add(Instant.FromMilliseconds(times[0]), Instant.FromMilliseconds(times[1]), out DelaySample sample))
            {
                found.Add($"{sample.SentAt.TotalMilliseconds}/{sample.ReceivedAt.TotalMilliseconds}/{sample.Delay.TotalMilliseconds}");
            }
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    // Groups every 20 ms whose delay grows by so much each: what the detector says in the end, and the sign of the trend.
    [Theory]
    [InlineData(0, "Normal", 0)]
    [InlineData(3, "Over", 1)]
    [InlineData(1.5, "Over", 1)]
    [InlineData(-3, "Under", -1)]
    [InlineData(0.02, "Normal", 1)] // clocks that drift 0.1 %
    public void ATrend_IsSeen(double growth, string expected, int sign)
    {
        Trendline trend = default;
        OveruseDetector detector = default;
        for (int i = 0; i < 60; i++)
        {
            DelaySample sample = Sample(i * 20, 500 + (i * growth));
            trend.Add(sample);
            detector.Detect(sample.ReceivedAt, trend.Trend);
        }

        Assert.Equal(expected, detector.Use.ToString());
        Assert.Equal(sign, Math.Sign(Math.Round(trend.Trend, 6)));
    }

    [Fact]
    public void Jitter_RaisesTheThreshold_InsteadOfTheAlarm()
    {
        Trendline trend = default;
        OveruseDetector detector = default;
        Random random = new(7);
        int alarms = 0;
        for (int i = 0; i < 3000; i++)
        {
            DelaySample sample = Sample(i * 20, 50 + (random.NextDouble() * 30));
            trend.Add(sample);
            alarms += detector.Detect(sample.ReceivedAt, trend.Trend) == LinkUse.Over ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 60); // 2 %
    }

    // Delays every 50 ms; the queue of the last, and what stood.
    [Theory]
    [InlineData("50 50 50 50 50 50 50 50", 0, 0)]
    [InlineData("50 50 50 90 90 90 90 90 90 90 90", 40, 40)]
    [InlineData("50 50 50 90 50 90 90 50 90", 40, 0)] // it came and went
    [InlineData("90 90 90 50 50 50 50 50 50", 0, 0)]
    public void TheQueue_IsWhatIsAboveTheLeast(string delays, double current, double standing)
    {
        QueueDelay queue = default;
        int at = 0;
        foreach (string delay in delays.Split(' '))
        {
            queue.Add(Sample(at += 50, double.Parse(delay)));
        }

        Assert.Equal((current, standing), (queue.Current.TotalMilliseconds, queue.Standing.TotalMilliseconds));
    }

    [Fact]
    public void ALongerRoute_IsForgottenInTime()
    {
        QueueDelay queue = default;
        queue.Add(Sample(0, 50));
        for (int at = 50; at <= 45_000; at += 50)
        {
            queue.Add(Sample(at, 80));
        }

        Assert.Equal(TimeSpan.Zero, queue.Current);
    }

    [Fact]
    public void AWayThatWasFoundLonger_IsTheLeastFromThenOn()
    {
        QueueDelay queue = default;
        queue.Add(Sample(0, 50));
        for (int at = 50; at <= 1000; at += 50)
        {
            queue.Add(Sample(at, at == 1000 ? 133 : 130));
        }

        queue.Rebase();
        Assert.Equal((3, 0), (queue.Current.TotalMilliseconds, queue.Standing.TotalMilliseconds));
        queue.Add(Sample(1050, 140));
        Assert.Equal(10, queue.Current.TotalMilliseconds);
        queue.Add(Sample(1100, 50)); // and back: at once
        Assert.Equal(0, queue.Current.TotalMilliseconds);
        queue.Add(Sample(1150, 52));
        Assert.Equal(2, queue.Current.TotalMilliseconds);
    }

    private static DelaySample Sample(double sent, double delay) =>
        new(Instant.FromMilliseconds(sent), Instant.FromMilliseconds(sent + delay), TimeSpan.FromMilliseconds(delay));
}
