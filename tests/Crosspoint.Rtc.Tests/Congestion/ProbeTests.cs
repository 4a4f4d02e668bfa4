using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class ProbeTests
{
    private static readonly Bitrate Most = Bitrate.FromKilobits(50_000);

    // Ten packets of 1000 bytes, sent and received so many ms apart, of a probe at a rate: what is found, 0 for nothing.
    [Theory]
    [InlineData(2000, 4, 4, 0, 2000)]
    [InlineData(2000, 4, 8, 0, 950)]   // the link was full: 1000, less 5 % for room
    [InlineData(2000, 4, 2, 0, 2000)] // squeezed together on the way: no faster than it was sent
    [InlineData(2000, 0, 8, 0, 950)]   // sent in one go: the dispersion alone tells
    [InlineData(2000, 0, 2, 0, 2000)]  // ... but no more than was asked
    [InlineData(2000, 4, 4, 2, 2000)]  // two of ten lost
    [InlineData(2000, 4, 4, 3, 0)]     // too few
    [InlineData(2000, 4, 0, 0, 0)]     // all at one instant: a receiver that lies, or a clock that stands
    [InlineData(2000, 0, 0, 0, 2000)]  // ... but as they were sent: a link on which nothing comes between them
    public void Result(double rate, double sendGap, double receiveGap, int lost, double expected)
    {
        ProbeResults results = default;
        results.Begin(new Probe(9, Bitrate.FromKilobits(rate), 10_000, 10));
        Bitrate found = default;
        for (int i = lost; i < 10; i++)
        {
            PacketReport report = new(Instant.FromMilliseconds(i * sendGap), Instant.FromMilliseconds(500 + (i * receiveGap)), 1000, SentKind.Padding, 9, true, false);
            if (results.Add(report, null, TimeSpan.Zero, out Bitrate now))
            {
                found = now;
            }
        }

        Assert.Equal(expected, Math.Round(found.KilobitsPerSecond));
    }

    // Each packet with its size, when it was sent and when it came, in ms, over a link of 1 Mbit/s.
    [Theory]
    [InlineData("1156@0-9.2 800@4-15.6 775@8-21.8 139@12-23", 944)] // the first is large, the last small: it waited, if only 1.8 ms
    [InlineData("139@0-1.1 800@4-7.5 775@8-13.7 1156@12-22.9", 952)]  // the same the other way round fills the link
    [InlineData("800@0-6.4 800@4-12.8 800@8-19.2 800@12-25.6", 950)]
    public void OfPacketsOfDifferentSizes_NoMoreIsTakenThanPassed(string packets, double expected)
    {
        ProbeResults results = default;
        results.Begin(new Probe(9, Bitrate.FromKilobits(1724), 2870, 4));
        Bitrate found = default;
        foreach (string packet in packets.Split(' '))
        {
            double[] parts = [.. packet.Split('@', '-').Select(double.Parse)];
            PacketReport report = new(Instant.FromMilliseconds(parts[1]), Instant.FromMilliseconds(500 + parts[2]), (int)parts[0], SentKind.Media, 9, true, false);
            found = results.Add(report, null, TimeSpan.Zero, out Bitrate now) ? now : found;
        }

        Assert.Equal(expected, Math.Round(found.KilobitsPerSecond));
    }

    // A receiver that stood still takes all at once, however slow the link: the first packet came late, and the others close behind.
    [Theory]
    [InlineData(2, 0, 0.2, 2000)]    // a fast link
    [InlineData(30, 0, 0.2, 0)]      // ... and a receiver that stood still
    [InlineData(2, 0, 0, 2000)]
    [InlineData(30, 0, 0, 0)]
    [InlineData(30, 15, 0.2, 2000)]  // it is always that late here: jitter, and the mean of many probes is right
    [InlineData(30, 0, 8, 950)]      // late, but spread by a link that is full: the dispersion tells
    public void WhoWasHeldUp_TellsNothingOfAFastLink(double firstWait, double usual, double receiveGap, double expected)
    {
        ProbeResults results = default;
        results.Begin(new Probe(9, Bitrate.FromKilobits(2000), 10_000, 10));
        Bitrate found = new(1);
        bool hasEnded = false;
        for (int i = 0; i < 10; i++)
        {
            double wait = firstWait + (i * receiveGap);
            PacketReport report = new(Instant.FromMilliseconds(0), Instant.FromMilliseconds(500 + wait), 1000, SentKind.Padding, 9, true, false);
            if (results.Add(report, TimeSpan.FromMilliseconds(wait), TimeSpan.FromMilliseconds(usual), out Bitrate now))
            {
                (found, hasEnded) = (now, true);
            }
        }

        Assert.True(hasEnded);
        Assert.Equal(expected, Math.Round(found.KilobitsPerSecond));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-4)]
    [InlineData(int.MinValue)]
    public void APacketOfAnotherProbe_IsNotIts(int id)
    {
        ProbeResults results = default;
        results.Begin(new Probe(9, Bitrate.FromKilobits(1000), 1, 1));
        Assert.False(results.Add(new PacketReport(Instant.Zero, Instant.Zero, 1000, SentKind.Media, id, true, false), null, TimeSpan.Zero, out _));
    }

    // "?" asks for a probe and names its rate in kbit/s (0: none), "=" reports what the last found (0: it told nothing), "+" time in ms,
    // "u" something is not sent at all, "d" a queue has drained and left this share of the target, "t" the target, "w" what is wanted.
    [Theory]
    [InlineData("t300 w5000 ?900 ?0 =900 ?1800")]
    [InlineData("t300 w5000 ?900 =300 ?1800 =300 ?0 +4500 ?600")]         // both initial ones, then time
    [InlineData("t300 w5000 ?900 =900 ?1800 =1800 t1800 ?3600 =3600 t3600 ?7200")] // as long as they succeed
    [InlineData("t300 w300 ?0 w0 ?0 w1000 ?900")]                         // nothing more is wanted
    [InlineData("t300 w302 ?453")]                                        // so little more that a layer does not fit by it
    [InlineData("t300 w500 ?750")]                                        // not much more is wanted
    [InlineData("t300 w5000 ?900 +999 ?0 +1 ?1800")]                      // no answer within a second
    [InlineData("t300 w5000 ?900 =1 ?1800 =1 +4499 ?0 +1 ?600 =1 +4999 ?0 +1 ?600")] // failing: less and less often
    [InlineData("t300 w5000 ?900 =1 ?1800 =1 d0.9 +1000 ?0 d0.3 +999 ?0 +1 ?600")] // after a large drop: soon
    [InlineData("t300 w5000 ?900 =0 ?1800 =0 +499 ?0 +1 ?600")]           // told nothing: soon again
    [InlineData("t300 w5000 ?900 =1 ?1800 =1 u +999 ?0 +1 ?600 =1 +999 ?0 +1 ?600")] // somebody sees nothing: every second
    [InlineData("t300 w5000 !0 ?900")]                                    // not while a queue stands
    public void When(string story)
    {
        ProbeController probes = default;
        Instant now = Instant.FromMilliseconds(10_000);
        Bitrate target = default;
        Bitrate wanted = default;
        Probe last = default;
        foreach (string step in story.Split(' '))
        {
            double value = step.Length > 1 ? double.Parse(step[1..]) : 0;
            switch (step[0])
            {
                case 't':
                    target = Bitrate.FromKilobits(value);
                    break;
                case 'w':
                    wanted = Bitrate.FromKilobits(value);
                    break;
                case '+':
                    now += TimeSpan.FromMilliseconds(value);
                    break;
                case 'd':
                    probes.HandleDrained(now, value);
                    break;
                case 'u':
                    probes.SetUrgent(true);
                    break;
                case '=' when value == 0:
                    probes.HandleVoid(now, last.Id);
                    break;
                case '=':
                    probes.HandleResult(now, last.Id, Bitrate.FromKilobits(value));
                    break;
                default:
                    bool taken = probes.TryTake(now, target, wanted, Most, isQuiet: step[0] == '?', out Probe probe);
                    last = taken ? probe : last;
                    Assert.Equal((story, step, value), (story, step, Math.Round(probe.Rate.KilobitsPerSecond)));
                    break;
            }
        }
    }

    [Fact]
    public void Budget_KeepsTheRate_AndEnds()
    {
        ProbeBudget budget = default;
        Assert.Equal((0, Instant.Never), (budget.Due(Instant.Zero), budget.NextTime));
        budget.Begin(Instant.Zero, new Probe(1, Bitrate.FromKilobits(8000), 15_000, 5)); // 1000 bytes per ms
        int sent = 0;
        for (int ms = 0; ms < 100 && budget.Id != 0; ms++)
        {
            while (budget.Due(Instant.FromMilliseconds(ms)) > 0)
            {
                sent += 1000;
                Assert.InRange(sent, 0, (ms + 3) * 1000);
                if (budget.Charge(1000))
                {
                    Assert.InRange(ms, 12, 15);
                }
            }
        }

        Assert.Equal((15_000, 0), (sent, budget.Id));
    }
}
