using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Tests.Streams;

public sealed class NackGeneratorTests
{
    private static readonly TimeSpan Rtt = TimeSpan.FromMilliseconds(50);

    // A row is a story: "12" a packet, "+20" time passes in ms, "?12,13" what a collection must ask for.
    [Theory]
    [InlineData("10 11 +100 ?")]
    [InlineData("10 13 ? +4 ? +1 ?11,12")] // the tolerance passes first
    [InlineData("10 12 +3 11 +10 ?")] // only reordered
    [InlineData("10 13 +5 ?11,12 +49 ? +1 ?11,12")] // again after an RTT
    [InlineData("10 13 +5 ?11,12 12 +50 ?11")]
    [InlineData("65534 1 +5 ?65535,0")]
    [InlineData("10 12 +5 ?11 +50 ?11 +50 ?11 +50 ? +50 ?")] // three requests, then no more
    [InlineData("10 12 14 +5 ?11,13 15 16 17 +50 ?11,13")]
    [InlineData("10 9 8 +50 ?")] // older than the first
    [InlineData("10 10 11 11 10 +50 ?")] // duplicates
    [InlineData("10 12 +3 14 +2 ?11 +3 ?13")] // each gap has its own time
    [InlineData("10 12 +1100 ?")] // too old
    [InlineData("10 12 K12 +5 ?")] // a keyframe needs nothing before it
    [InlineData("10 12 K12 14 +5 ?13")]
    [InlineData("10 21 +5 ?11,12,13,14,15,16,17,18,19,20")]
    [InlineData("10 22 +5 ? 24 +394 ? +1 ?23")] // eleven are too many: a fresh start, and what is missed while the keyframe is due can wait
    [InlineData("10 30000 +5 ?")]
    [InlineData("10 12 +4 11 13 15 +4 ? +1 ?14")] // 4 ms late and a quarter: the wait is 5 ms as before
    [InlineData("10 12 +5 ?11 +15 11 14 +24 ? +1 ?13")] // came 20 ms late, before an answer could: reordered, so 25 ms are waited
    [InlineData("10 12 +5 ?11 +45 11 14 +4 ? +1 ?13")] // came when an answer could: lost, so nothing is learned
    [InlineData("10 12 +5 ?11 +50 ?11 +10 11 14 +5 ?13 +59 ? +1 ?13")] // the answer took 60 ms and not a round trip: so long the next is waited for
    [InlineData("10 12 +5 ?11 +60 11 14 +5 ?13 +59 ? +1 ?13")]
    [InlineData("10 12 +5 ?11 +49 11 14 +5 ?13 +49 ? +1 ?13")] // never less than a round trip
    [InlineData("10 12 +5 ?11 +500 11 14 +5 ?13 +99 ? +1 ?13")] // nor more than two
    [InlineData("10 22 24 26 +5 ? K25 ?25 28 +5 ?27")] // ... until it begins; what came before it is not needed
    public void Stories(string story)
    {
        NackGenerator nack = new(new NackOptions { MaxMissing = 10, MaxRequests = 3, MaxAge = TimeSpan.FromSeconds(1) });
        Instant now = Instant.Zero;
        foreach (string step in story.Split(' '))
        {
            switch (step[0])
            {
                case '+':
                    now += TimeSpan.FromMilliseconds(int.Parse(step));
                    break;
                case '?':
                    Assert.Equal((story, step[1..]), (story, Ask(nack, now)));
                    break;
                case 'K':
                    nack.HandleKeyFrame(new(ushort.Parse(step[1..])));
                    break;
                default:
                    nack.Handle(now, new(ushort.Parse(step)));
                    break;
            }
        }
    }

    // One packet each so many ms for a second, then so many are missing: beyond what comes in 200 ms or a round trip a keyframe is sooner.
    [Theory]
    [InlineData(10, 50, 20, NackVerdict.Gap)]
    [InlineData(10, 50, 21, NackVerdict.KeyFrameNeeded)]
    [InlineData(10, 400, 40, NackVerdict.Gap)]
    [InlineData(10, 400, 41, NackVerdict.KeyFrameNeeded)]
    [InlineData(2, 50, 100, NackVerdict.Gap)]
    [InlineData(2, 50, 101, NackVerdict.KeyFrameNeeded)]
    [InlineData(50, 50, 8, NackVerdict.Gap)] // a few are always asked for
    [InlineData(50, 50, 9, NackVerdict.KeyFrameNeeded)]
    public void More_than_could_come_again_sooner_than_a_keyframe_is_given_up(int interval, int roundTrip, int missing, NackVerdict expected)
    {
        NackGenerator nack = new(new NackOptions());
        Instant now = Instant.FromMilliseconds(1);
        ushort sequence = 0;
        for (; now < Instant.FromMilliseconds(1001); now += TimeSpan.FromMilliseconds(interval))
        {
            nack.Handle(now, new(sequence++));
        }

        nack.Collect(now, TimeSpan.FromMilliseconds(roundTrip), new SequenceNumber[1]);
        now += TimeSpan.FromMilliseconds(500); // an outage is no slowness
        Assert.Equal(expected, nack.Handle(now, new((ushort)(sequence + missing))));
    }

    [Theory]
    [InlineData("10", NackVerdict.InOrder)]
    [InlineData("10 11", NackVerdict.InOrder)]
    [InlineData("10 12", NackVerdict.Gap)]
    [InlineData("10 12 11", NackVerdict.Reordered)]
    [InlineData("10 12 ! 11", NackVerdict.Recovered)]
    [InlineData("10 12 11 11", NackVerdict.Duplicate)]
    [InlineData("10 9", NackVerdict.Duplicate)]
    [InlineData("10 3000", NackVerdict.KeyFrameNeeded)]
    [InlineData("10 3000 3001", NackVerdict.InOrder)]
    public void Each_packet_gets_a_verdict(string arrivals, NackVerdict last)
    {
        NackGenerator nack = new(new NackOptions());
        NackVerdict verdict = default;
        foreach (string step in arrivals.Split(' '))
        {
            if (step == "!")
            {
                Ask(nack, Instant.FromMilliseconds(10));
            }
            else
            {
                verdict = nack.Handle(Instant.Zero, new(ushort.Parse(step)));
            }
        }

        Assert.Equal(last, verdict);
    }

    [Fact]
    public void The_next_timeout_is_when_a_request_is_due()
    {
        NackGenerator nack = new(new NackOptions());
        Assert.True(nack.NextTimeout.IsNever);
        nack.Handle(Instant.Zero, new(1));
        nack.Handle(Instant.Zero, new(3));
        Assert.Equal(Instant.FromMilliseconds(5), nack.NextTimeout);
        Ask(nack, Instant.FromMilliseconds(5));
        Assert.Equal(Instant.FromMilliseconds(55), nack.NextTimeout);
        nack.Handle(Instant.Zero, new(2));
        Assert.True(nack.NextTimeout.IsNever);
    }

    [Fact]
    public void The_interval_follows_the_round_trip_within_its_bounds()
    {
        NackGenerator nack = new(new NackOptions());
        nack.Handle(Instant.Zero, new(1));
        nack.Handle(Instant.Zero, new(3));
        SequenceNumber[] into = new SequenceNumber[4];
        nack.Collect(Instant.FromMilliseconds(5), TimeSpan.Zero, into);
        Assert.Equal(Instant.FromMilliseconds(25), nack.NextTimeout);
        nack.Collect(Instant.FromMilliseconds(25), TimeSpan.FromHours(1), into);
        Assert.Equal(Instant.FromMilliseconds(525), nack.NextTimeout);
    }

    [Theory]
    [InlineData(50, "5 55 105 155 205 255 305 355 405 455 505")] // ten requests, then nothing more
    [InlineData(300, "5 305 605 905 1205 1505")] // an answer after 2 s is of no use
    [InlineData(1900, "5")]
    [InlineData(60_000, "5")] // a round trip that cannot be true does not end repair
    public void Requests_end_when_their_answers_would_come_too_late(int roundTrip, string expected)
    {
        NackGenerator nack = new(new NackOptions { MaxRequests = 11, MaxInterval = TimeSpan.FromSeconds(1) });
        nack.Handle(Instant.Zero, new(1));
        nack.Handle(Instant.Zero, new(3));
        SequenceNumber[] into = new SequenceNumber[4];
        List<int> asked = [];
        for (int ms = 0; ms < 4000; ms++)
        {
            if (nack.Collect(Instant.FromMilliseconds(ms), TimeSpan.FromMilliseconds(roundTrip), into) > 0)
            {
                asked.Add(ms);
            }
        }

        Assert.Equal(expected, string.Join(' ', asked));
        Assert.Equal((1, 0), (nack.GivenUp, nack.MissingCount));
    }

    // Lateness in ms, "!" when it was lost and repaired; the wait in ms at the end.
    [Theory]
    [InlineData("", 5)]
    [InlineData("1 2 3", 5)]
    [InlineData("8", 10)]
    [InlineData("8 1 1 1", 10)] // what is less late teaches nothing
    [InlineData("200", 50)] // bounded
    [InlineData("8 60! 60! 60!", 9.12)] // each loss takes a sixteenth of what is above the least
    public void Tolerance_follows_the_reordering_that_is_seen(string story, double expected)
    {
        ReorderTolerance tolerance = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50));
        foreach (string step in story.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            tolerance.Update(TimeSpan.FromMilliseconds(int.Parse(step.TrimEnd('!'))), step.EndsWith('!'));
        }

        Assert.Equal(expected, tolerance.Wait.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void What_does_not_fit_one_packet_comes_in_the_next()
    {
        NackGenerator nack = new(new NackOptions());
        nack.Handle(Instant.Zero, new(0));
        nack.Handle(Instant.Zero, new(301));
        Instant now = Instant.FromMilliseconds(5);
        HashSet<ushort> asked = [];
        for (int i = 0; i < 4; i++)
        {
            RtcpWriter writer = new(new byte[500]);
            int count = nack.TryWrite(now, Rtt, ref writer, new(1), new(2));
            Assert.Equal(i < 2 ? 122 : i == 2 ? 56 : 0, count);
            if (count > 0)
            {
                Assert.True(RtcpReader.TryOpen(writer.Written, out RtcpReader reader));
                Assert.True(reader.TryRead(out RtcpPacket packet));
                Assert.True(GenericNack.TryParse(packet, out GenericNack parsed));
                foreach (SequenceNumber number in parsed)
                {
                    Assert.True(asked.Add(number.Value));
                }
            }
        }

        Assert.Equal(300, asked.Count);
    }

    [Fact]
    public void A_lossy_stream_that_answers_requests_is_repaired()
    {
        const int Seed = 99;
        Random random = new(Seed);
        NackGenerator nack = new(new NackOptions());
        HashSet<ushort> received = [];
        PriorityQueue<ushort, long> wire = new();
        SequenceNumber[] into = new SequenceNumber[64];
        for (int ms = 0; ms < 5000; ms++)
        {
            Instant now = Instant.FromMilliseconds(ms);
            if (ms < 4000)
            {
                Send((ushort)(60_000 + ms), ms);
            }

            while (wire.TryPeek(out ushort sequence, out long at) && at <= ms)
            {
                wire.Dequeue();
                received.Add(sequence);
                nack.Handle(now, new(sequence));
            }

            for (int count = nack.Collect(now, TimeSpan.FromMilliseconds(40), into); count > 0; count--)
            {
                Send(into[count - 1].Value, ms + 20);
            }
        }

        // The tail cannot be missed by anybody.
        Assert.InRange(received.Count, 3990, 4000);
        Assert.Equal(0, nack.MissingCount);
        Assert.True(nack.Recovered > 300, $"seed {Seed}");
        Assert.Equal(0, nack.GivenUp);

        void Send(ushort sequence, int ms)
        {
            if (random.Next(10) != 0)
            {
                wire.Enqueue(sequence, ms + 20 + random.Next(4));
            }
        }
    }

    [Fact]
    public void Steady_loss_and_repair_allocate_nothing()
    {
        NackGenerator nack = new(new NackOptions());
        byte[] into = new byte[500];
        int sequence = 0;
        int ms = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            ms += 10;
            nack.Handle(Instant.FromMilliseconds(ms), new((ushort)sequence));
            nack.Handle(Instant.FromMilliseconds(ms), new((ushort)(sequence + 8)));
            RtcpWriter writer = new(into);
            nack.TryWrite(Instant.FromMilliseconds(ms + 6), Rtt, ref writer, new(1), new(2));
            for (int i = 1; i < 8; i++)
            {
                nack.Handle(Instant.FromMilliseconds(ms), new((ushort)(sequence + i)));
            }

            sequence += 9;
        }));
    }

    private static string Ask(NackGenerator nack, Instant now)
    {
        SequenceNumber[] into = new SequenceNumber[100];
        int count = nack.Collect(now, Rtt, into);
        return string.Join(',', into[..count].Select(s => s.Value));
    }
}
