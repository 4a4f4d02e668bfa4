using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class ReceiveSideEstimatorTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    // A sender that follows REMB, over a link of so many kbit/s; its clock began so many ms ago (abs-send-time wraps every 64 s).
    [Theory]
    [InlineData(500, 0)]
    [InlineData(2000, 0)]
    [InlineData(2000, 60_000)]
    public void ASenderThatObeys_FindsItsLink(double kilobits, double clock)
    {
        VirtualLink<(AbsoluteSendTime Time, int Bytes)> link = new(new LinkPlan { Rate = RatePlan.Steady(kilobits), Delay = TimeSpan.FromMilliseconds(25) }, Instant.Zero);
        ReceiveSideEstimator estimator = new(new ReceiveSideEstimatorOptions());
        byte[] buffer = new byte[100];
        Bitrate rate = Bitrate.FromKilobits(300);
        double owed = 0;
        long delivered = 0;
        for (int ms = 0; ms < 60_000; ms++)
        {
            Instant now = Instant.FromMilliseconds(ms);
            owed += rate.BitsPerSecond / 8000.0;
            for (; owed >= 1000; owed -= 1000)
            {
                link.TryEnqueue(now, 1000, (AbsoluteSendTime.From(now + TimeSpan.FromMilliseconds(clock)), 1000));
            }

            while (link.TryDequeue(now, out (AbsoluteSendTime Time, int Bytes) packet))
            {
                delivered += ms >= 20_000 ? packet.Bytes : 0;
                estimator.Handle(now, packet.Time, packet.Bytes, RoundTrip);
            }

            rate = Ask(estimator, now, buffer) ?? rate;
        }

        Assert.InRange(delivered * 8 / 40_000.0, kilobits * 0.85, kilobits);
        Assert.True(link.Statistics.QueueDelay.Percentile(95) <= TimeSpan.FromMilliseconds(150), $"{link.Statistics.QueueDelay.Percentile(95)}");
    }

    [Fact]
    public void Remb_ComesEverySecond_AndAtOnceWhenItFalls()
    {
        ReceiveSideEstimator estimator = new(new ReceiveSideEstimatorOptions());
        byte[] buffer = new byte[100];
        Assert.True(estimator.NextTimeout.IsNever);
        List<int> times = [];
        for (int ms = 0; ms < 5000; ms++)
        {
            // From 3500 ms on each packet comes later than the one before.
            Instant now = Instant.FromMilliseconds(ms);
            Instant sent = ms < 3500 ? now : Instant.FromMilliseconds(3500 + ((ms - 3500) * 0.7));
            estimator.Handle(now, AbsoluteSendTime.From(sent), 125, RoundTrip);
            if (Ask(estimator, now, buffer) is not null)
            {
                times.Add(ms);
            }
        }

        Assert.Equal([1000, 2000, 3000], times.Take(3));
        Assert.InRange(times[3], 3510, 3800);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnyTimes_AreSurvived(int seed)
    {
        Random random = new(seed);
        ReceiveSideEstimatorOptions options = new();
        ReceiveSideEstimator estimator = new(options);
        Instant now = Instant.Zero;
        for (int i = 0; i < 50_000; i++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(100) == 0 ? random.Next(100_000) : random.Next(10));
            estimator.Handle(now, new AbsoluteSendTime((uint)random.Next(1 << 24)), random.Next(70_000), RoundTrip);
            Assert.True(estimator.Estimate >= options.Min && estimator.Estimate <= options.Max, $"seed {seed}: {estimator.Estimate}");
        }
    }

    private static Bitrate? Ask(ReceiveSideEstimator estimator, Instant now, byte[] buffer)
    {
        RtcpWriter writer = new(buffer);
        if (!estimator.TryWrite(now, ref writer, new(1), [new Ssrc(2)]))
        {
            return null;
        }

        Assert.True(RtcpReader.TryOpen(writer.Written, out RtcpReader reader) & reader.TryRead(out RtcpPacket packet));
        Assert.True(ReceiverEstimatedMaximumBitrate.TryParse(packet, out ReceiverEstimatedMaximumBitrate remb));
        return remb.Bitrate;
    }
}
