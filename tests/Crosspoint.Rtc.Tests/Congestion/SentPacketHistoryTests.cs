using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class SentPacketHistoryTests
{
    // A row is a story: "s3" three packets are sent 10 ms apart, "r1:None" one (counted from the first) is reported received,
    // "l1:None" missing, "+500" time passes in ms. After the colon: what becomes of the status.
    [Theory]
    [InlineData("s3 r0:None r1:None r2:None")]
    [InlineData("s3 r0:None r0:Repeated")]
    [InlineData("s3 l1:None l1:Repeated r1:None r1:Repeated l1:Repeated")] // late after all, then it stays received
    [InlineData("r0:NeverSent s1 r1:NeverSent r-1:NeverSent")]
    [InlineData("s1 r30000:NeverSent r-30000:TooOld")] // far behind: it could have been sent once
    [InlineData("s1 +1001 r0:TooOld")]
    [InlineData("s600 r0:TooOld r90:None r599:None")] // 512 are remembered; the first 88 are gone
    public void Stories(string story)
    {
        SentPacketHistory history = new(512, TimeSpan.FromSeconds(1));
        Instant now = Instant.FromMilliseconds(5000);
        SequenceNumber first = new(0);
        foreach (string step in story.Split(' '))
        {
            string[] parts = step[1..].Split(':');
            switch (step[0])
            {
                case '+':
                    now += TimeSpan.FromMilliseconds(int.Parse(parts[0]));
                    break;
                case 's':
                    for (int i = int.Parse(parts[0]); i > 0; i--)
                    {
                        now += TimeSpan.FromMilliseconds(1);
                        history.Add(now, 1200, SentKind.Media, 0);
                    }

                    break;
                default:
                    FeedbackDropReason reason = history.Report(now, first + int.Parse(parts[0]), step[0] == 'r', out _);
                    Assert.Equal((story, step, parts[1]), (story, step, reason.ToString()));
                    break;
            }
        }
    }

    [Fact]
    public void Numbers_GoAroundTheCircle()
    {
        SentPacketHistory history = new(512, TimeSpan.FromSeconds(1));
        for (int i = 0; i < 200_000; i++)
        {
            Instant now = Instant.FromMilliseconds(i);
            Assert.Equal((ushort)i, history.Next.Value);
            SequenceNumber sequence = history.Add(now, 100, SentKind.Media, 7);
            Assert.Equal((ushort)i, sequence.Value);
            Assert.Equal(FeedbackDropReason.None, history.Report(now, sequence, true, out SentPacket packet));
            Assert.Equal((now, 100, 7), (packet.SentAt, packet.Bytes, packet.ProbeId));
            history.ReportedUpTo(packet.Number);
            Assert.Equal(0, history.OutstandingBytes);
        }
    }

    [Fact]
    public void Outstanding_IsWhatNoFeedbackSpokeOf()
    {
        SentPacketHistory history = new(128, TimeSpan.FromSeconds(1));
        for (int i = 0; i < 10; i++)
        {
            history.Add(Instant.FromMilliseconds(i), 100, SentKind.Media, 0);
        }

        Assert.Equal(1000, history.OutstandingBytes);
        Assert.Equal(300, history.UnreportedBefore(new(3)));
        history.Report(Instant.FromMilliseconds(20), new(3), true, out SentPacket packet);
        history.ReportedUpTo(packet.Number);
        Assert.Equal(600, history.OutstandingBytes);
        Assert.Equal(100, history.UnreportedBefore(new(5)));
    }

    // What a slot cannot tell by its few bits: 215 s later they look young again, and older than now.
    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(429.4967296)]
    [InlineData(430)]
    public void ALongPause_MakesNothingYoungAgain(double seconds)
    {
        SentPacketHistory history = new(128, TimeSpan.FromSeconds(10));
        SequenceNumber sequence = history.Add(Instant.FromMilliseconds(1), 100, SentKind.Media, 0);
        Assert.Equal(FeedbackDropReason.TooOld, history.Report(Instant.FromMilliseconds(1 + (seconds * 1000)), sequence, true, out _));
    }

    [Fact]
    public void WhatLeftLater_IsSoRemembered_AndNothingBeforeIt()
    {
        SentPacketHistory history = new(128, TimeSpan.FromSeconds(10));
        Instant turn = Instant.FromMilliseconds(200);
        Instant left = Instant.FromMilliseconds(231);
        history.Add(Instant.FromMilliseconds(100), 100, SentKind.Media, 0);
        history.Add(turn, 100, SentKind.Media, 0);
        history.Add(turn, 100, SentKind.Audio, 0);
        history.Postpone(turn, left);
        history.Add(Instant.FromMilliseconds(240), 100, SentKind.Media, 0);
        history.Postpone(turn, left + TimeSpan.FromSeconds(1)); // no longer the newest
        Assert.Equal([100, 231, 231, 240], Enumerable.Range(0, 4).Select(i => SentAt(history, i)));

        static double SentAt(in SentPacketHistory history, int index)
        {
            Assert.Equal(FeedbackDropReason.None, history.Report(Instant.FromMilliseconds(500), new((ushort)index), true, out SentPacket packet));
            return packet.SentAt.TotalMilliseconds;
        }
    }

    [Fact]
    public void EverythingThatIsRemembered_ComesBackAsItWas()
    {
        SentPacketHistory history = new(1024, TimeSpan.FromSeconds(10));
        SentKind[] kinds = Enum.GetValues<SentKind>();
        for (int i = 0; i < 1000; i++)
        {
            int probe = i % 7 == 0 ? 1 + i : 0;
            Instant sentAt = new(1_000_000_000_000 + (i * 40_001L));
            SequenceNumber sequence = history.Add(sentAt, 60 + i, kinds[i % kinds.Length], probe);
            Instant now = sentAt + TimeSpan.FromSeconds(9);
            Assert.Equal(FeedbackDropReason.None, history.Report(now, sequence, received: false, out SentPacket lost));
            Assert.Equal(new SentPacket(sentAt, lost.Number, probe, (ushort)(60 + i), kinds[i % kinds.Length], SentPacketState.Sent), lost);
            Assert.Equal(FeedbackDropReason.None, history.Report(now, sequence, received: true, out SentPacket late));
            Assert.Equal(lost with { State = SentPacketState.Lost }, late);
        }
    }

    [Theory]
    [InlineData(0, 900, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(254, 255, 254)]
    [InlineData(255, 256, 255)]
    [InlineData(510, 512, 510)]
    [InlineData(700, 954, 700)]
    public void AProbeId_SurvivesItsByte(int id, int newest, int expected) => Assert.Equal(expected, ProbeCode.IdOf(ProbeCode.Of(id), newest));
}
