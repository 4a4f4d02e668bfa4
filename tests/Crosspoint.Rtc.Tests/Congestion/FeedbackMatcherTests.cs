using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class FeedbackMatcherTests
{
    private SentPacketHistory _history = new(1024, TimeSpan.FromSeconds(10));
    private readonly FeedbackMatcher _matcher;

    public FeedbackMatcherTests() => _matcher = new FeedbackMatcher(new FeedbackScratch());

    [Fact]
    public void Reports_CarryBothTimes_AndTheRoundTripOfTheNewest()
    {
        Send(3, 1000);
        Give(1100, 0, 0, 50_000, 50_010, 50_020);
        Assert.Equal([50_000, 50_010, 50_020], _matcher.Reports.ToArray().Select(report => report.ReceivedAt.TotalMilliseconds));
        Assert.Equal([1000, 1010, 1020], _matcher.Reports.ToArray().Select(report => report.SentAt.TotalMilliseconds));
        Assert.Equal(TimeSpan.FromMilliseconds(80), _matcher.RoundTrip);
        Assert.Equal((3, 0), (_matcher.Counters.Received, _matcher.Counters.Lost));
    }

    [Fact]
    public void ALateArrival_IsNoLongerLost()
    {
        Send(3, 1000);
        Give(1100, 0, 0, 50_000, -1, 50_020);
        Assert.Equal((2, 1), (_matcher.Counters.Received, _matcher.Counters.Lost));
        Give(1200, 1, 1, 50_030, 50_020);
        Assert.Equal((3, 0), (_matcher.Counters.Received, _matcher.Counters.Lost));
        Assert.True(Assert.Single(_matcher.Reports.ToArray()).WasLost);
        Assert.Equal(1, _matcher.Counters.Repeated);
        Assert.Null(_matcher.RoundTrip); // how long it took to be late says nothing of the path
    }

    [Fact]
    public void WhatWasNeverSent_IsCountedAndIgnored()
    {
        Give(1100, 0, 0, 50_000, 50_010);
        Send(1, 1200);
        Give(1300, 0, 1, 50_100, 50_110, 50_120);
        Assert.Equal((4, 1), (_matcher.Counters.NeverSent, _matcher.Counters.Received));
        Assert.Single(_matcher.Reports.ToArray());
    }

    [Theory]
    [InlineData("0 1 2", 0)]
    [InlineData("0 2 3", 1)]
    [InlineData("255 0 1", 0)]
    [InlineData("254 1", 2)]
    [InlineData("0 2 1", 0)] // only late
    [InlineData("0 200", 0)] // a number far behind, not 199 lost
    [InlineData("7 7 7", 0)]
    public void LostFeedback_IsCounted(string numbers, long lost)
    {
        foreach (string number in numbers.Split(' '))
        {
            Send(1, 1000);
            Give(1100, 0, int.Parse(number), 50_000);
        }

        Assert.Equal(lost, _matcher.Counters.FeedbacksLost);
    }

    [Fact]
    public void WhatLostFeedbackWouldHaveTold_IsUnreported()
    {
        Send(10, 1000);
        Give(1100, 0, 0, 50_000, 50_010);
        Give(1200, 6, 2, 50_060, 50_070);
        Assert.Equal(4 * 1000, _matcher.UnreportedBytes);
    }

    // The reference time has 24 bits of 64 ms: 2^24 * 64 ms after 0 is 0 again, and half way it turns negative.
    [Theory]
    [InlineData(1L << 23)]
    [InlineData(1L << 24)]
    public void TheReferenceTime_Wraps(long turn)
    {
        double edge = turn * 64.0;
        Send(4, 1000);
        Give(1100, 0, 0, edge - 30, edge - 20);
        Instant before = _matcher.Reports[1].ReceivedAt;
        Give(1200, 2, 1, edge + 10, edge + 20);
        Assert.Equal(TimeSpan.FromMilliseconds(30), _matcher.Reports[0].ReceivedAt - before);
        Assert.False(_matcher.ClockJumped);
    }

    [Theory]
    [InlineData(50_100, false)]
    [InlineData(49_000, false)] // reordering and lies of a second are left to the estimators
    [InlineData(70_000, true)]
    [InlineData(30_000, true)]
    public void AClockThatJumps_IsToldOnce(double arrival, bool jumped)
    {
        Send(4, 1000);
        Give(1100, 0, 0, 50_000, 50_010);
        Give(1200, 2, 1, arrival);
        Assert.Equal((jumped, jumped ? 1 : 0), (_matcher.ClockJumped, _matcher.Counters.Clock));
        Give(1210, 3, 2, arrival + 10);
        Assert.False(_matcher.ClockJumped);
        Assert.Single(_matcher.Reports.ToArray());
    }

    private void Send(int packets, double from)
    {
        for (int i = 0; i < packets; i++)
        {
            _history.Add(Instant.FromMilliseconds(from + (10 * i)), 1000, SentKind.Media, 0);
        }
    }

    private void Give(double now, int first, int count, params double[] arrivals) =>
        Feedback.Give(first, count, arrivals, (in TransportFeedback feedback) => _matcher.Match(Instant.FromMilliseconds(now), feedback, ref _history));
}
