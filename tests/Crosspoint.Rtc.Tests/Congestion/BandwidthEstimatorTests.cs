using Crosspoint.Micro.Allocations;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class BandwidthEstimatorTests
{
    private static readonly BandwidthEstimatorOptions Options = new() { Min = Bitrate.FromKilobits(50), Start = Bitrate.FromKilobits(300), Max = Bitrate.FromKilobits(10_000) };

    [Theory]
    [InlineData(0, 50, BandwidthState.Remb)]
    [InlineData(1, 50, BandwidthState.Remb)]
    [InlineData(1_000_000, 1000, BandwidthState.Remb)]
    [InlineData(long.MaxValue, 10_000, BandwidthState.Maximum)]
    [InlineData(-1, 50, BandwidthState.Remb)]
    public void Remb_IsNeverTrustedBeyondTheBounds(long bits, double expected, BandwidthState state)
    {
        BandwidthEstimator estimator = new(Options, Instant.Zero);
        estimator.HandleRemb(Instant.Zero, new Bitrate(bits));
        Assert.Equal((expected, state), (estimator.Target.KilobitsPerSecond, estimator.State));
    }

    [Fact]
    public void Remb_CapsWhatFeedbackAllows()
    {
        CongestionRig rig = new CongestionRig(RigSource.Greedy(), new LinkPlan { Rate = RatePlan.Steady(3000), Delay = TimeSpan.FromMilliseconds(20) }).Run(10);
        Assert.True(rig.Estimator.Target > Bitrate.FromKilobits(2000));
        rig.Estimator.HandleRemb(rig.Now, Bitrate.FromKilobits(700));
        rig.Run(5);
        Assert.Equal((700, BandwidthState.Remb), (rig.Estimator.Target.KilobitsPerSecond, rig.Estimator.State));
        rig.Estimator.HandleRemb(rig.Now, new Bitrate(long.MaxValue));
        rig.Run(15);
        Assert.InRange(rig.Estimator.Target.KilobitsPerSecond, 2500, 3300);
    }

    [Theory]
    [InlineData(10_000, 0, false)] // what is sent passes, and nothing was said against more
    [InlineData(500, 0, true)]     // a link that was full
    [InlineData(10_000, 20, false)] // lost by chance, whatever is sent
    public void ALimit_IsShownByWhatSpokeAgainstMore(double link, double loss, bool isShown)
    {
        LinkPlan plan = new() { Rate = RatePlan.Steady(link), Delay = TimeSpan.FromMilliseconds(20), Loss = Chance.FromPercent(loss), Seed = 3 };
        CongestionRig rig = new(RigSource.Limited(1000, 1000), plan);
        Assert.True(rig.Estimator.HasShownLimit); // nobody has said anything yet
        rig.Run(10);
        Assert.Equal(isShown, rig.Estimator.HasShownLimit);
        rig.Estimator.HandleRemb(rig.Now, Bitrate.FromKilobits(5000));
        Assert.True(rig.Estimator.HasShownLimit);
    }

    [Fact]
    public void Reports_CountOnlyWithoutFeedback()
    {
        CongestionRig rig = new CongestionRig(RigSource.Greedy(), new LinkPlan { Rate = RatePlan.Steady(3000), Delay = TimeSpan.FromMilliseconds(20) }).Run(10);
        Bitrate before = rig.Estimator.Target;
        rig.Estimator.HandleReport(rig.Now, 255, null);
        Assert.Equal(before, rig.Estimator.Target);
    }

    [Fact]
    public void WithoutFeedback_ReportsAndRembLead()
    {
        BandwidthEstimator estimator = new(Options, Instant.Zero);
        estimator.HandleRemb(Instant.FromMilliseconds(100), Bitrate.FromKilobits(2000));
        Assert.Equal(2000, estimator.Target.KilobitsPerSecond);
        estimator.HandleReport(Instant.FromMilliseconds(1000), 128, TimeSpan.FromMilliseconds(80));
        Assert.Equal((1500, BandwidthState.Loss), (Math.Round(estimator.Target.KilobitsPerSecond), estimator.State));
        Assert.Equal((0.5, TimeSpan.FromMilliseconds(80)), (estimator.LossRatio, estimator.RoundTrip));
    }

    // Whatever is sent, sound too: a link that has stopped carries none of it.
    [Theory]
    [InlineData(SentKind.Media)]
    [InlineData(SentKind.Padding)]
    [InlineData(SentKind.Audio)]
    public void FeedbackThatStaysAway_HalvesTheTarget(SentKind kind)
    {
        BandwidthEstimator estimator = new(Options, Instant.Zero);
        var now = Instant.FromMilliseconds(1000);
        SequenceNumber first = estimator.HandleSent(now, 100, kind, 0);
        Feedback.Give(first.Value, 0, [1020], (in TransportFeedback feedback) => estimator.HandleFeedback(Instant.FromMilliseconds(1040), feedback));
        Bitrate before = estimator.Target;
        for (int i = 0; i < 50; i++)
        {
            now += TimeSpan.FromMilliseconds(100);
            estimator.HandleSent(now, 100, kind, 0);
            estimator.HandleTimeout(now);
        }

        Assert.Equal(BandwidthState.NoFeedback, estimator.State);
        Assert.True(estimator.Target.BitsPerSecond < before.BitsPerSecond / 2, $"{estimator.Target}");
    }

    [Theory]
    [InlineData(0, 300, 1000)]
    [InlineData(50, 40, 1000)]
    [InlineData(50, 300, 200)]
    public void BoundsThatContradict_AreMisuse(double min, double start, double max) =>
        Assert.Throws<ArgumentException>(() => new BandwidthEstimator(
            new BandwidthEstimatorOptions { Min = Bitrate.FromKilobits(min), Start = Bitrate.FromKilobits(start), Max = Bitrate.FromKilobits(max) }, Instant.Zero));

    // Feedback that says anything at all, about anything: no exception, the target stays in its bounds.
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void AnyFeedback_IsSurvived(int seed)
    {
        Random random = new(seed);
        BandwidthEstimator estimator = new(Options, Instant.Zero);
        estimator.SetWanted(Instant.Zero, Bitrate.FromKilobits(100_000));
        Instant now = Instant.FromMilliseconds(10);
        byte[] buffer = new byte[8000];
        int probe = 0;
        for (int i = 0; i < 3000; i++)
        {
            for (int packets = random.Next(20); packets > 0; packets--)
            {
                now += TimeSpan.FromMilliseconds(random.Next(10));
                estimator.HandleSent(now, random.Next(-5, 70_000), (SentKind)random.Next(5), random.Next(3) == 0 ? probe : random.Next());
            }

            probe = estimator.TryTakeProbe(now, out Probe taken) ? taken.Id : probe;
            RtcpWriter writer = new(buffer);
            Instant[] arrivals = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(3) == 0 ? Instant.Never : Instant.FromMilliseconds(random.Next(1000) + (random.Next(50) == 0 ? random.Next() : i * 100L)))];
            if (TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), (byte)random.Next(256), new((ushort)random.Next(random.Next(2) == 0 ? 65536 : (i + 1) * 10)), arrivals) > 0)
            {
                Feedback.Parse(writer.Written, (in TransportFeedback feedback) => estimator.HandleFeedback(now, feedback));
            }

            estimator.HandleTimeout(now);
            Assert.True(estimator.Target >= Options.Min && estimator.Target <= Options.Max, $"seed {seed}, round {i}: {estimator.Target}");
            Assert.True(estimator.LossRatio is >= 0 and <= 1, $"seed {seed}, round {i}: {estimator.LossRatio}");
            Assert.True(estimator.OutstandingBytes >= 0, $"seed {seed}, round {i}: {estimator.OutstandingBytes}");
        }
    }

    [Fact]
    public void SendingAndFeedback_AllocateNothing()
    {
        BandwidthEstimator estimator = new(Options, Instant.Zero);
        TransportFeedbackGenerator generator = new(new TransportFeedbackGeneratorOptions());
        byte[] buffer = new byte[1500];
        Instant now = Instant.FromMilliseconds(1000);
        Exchange(estimator, generator, buffer, ref now, 2000); // buffers grow to what is under way
        int exchanged = 2000;
        Assert.Equal(0, AllocationMeter.Count(() =>
        {
            Exchange(estimator, generator, buffer, ref now, 20_000);
            exchanged += 20_000;
        }));
        Assert.Equal(0, estimator.Counters.NeverSent);
        Assert.InRange(estimator.Counters.Received, exchanged - 1000, exchanged);
    }

    private static void Exchange(BandwidthEstimator estimator, TransportFeedbackGenerator generator, byte[] buffer, ref Instant now, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            SequenceNumber sequence = estimator.HandleSent(now, 1200, SentKind.Media, 0);
            generator.Handle(now, sequence, 1200);
            RtcpWriter writer = new(buffer);
            if (generator.TryWrite(now, ref writer, new(1), new(2)))
            {
                Assert.True(RtcpReader.TryOpen(writer.Written, out RtcpReader reader) & reader.TryRead(out RtcpPacket packet));
                Assert.True(TransportFeedback.TryParse(packet, out TransportFeedback feedback));
                estimator.HandleFeedback(now, feedback);
            }
        }
    }
}
