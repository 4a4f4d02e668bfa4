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
    [InlineData("s1 k1 s1 r0:None r1:NeverSent r2:None")] // a number that was taken and not used
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
                case 'k':
                    history.Reserve();
                    break;
                case 's':
                    for (int i = int.Parse(parts[0]); i > 0; i--)
                    {
                        now += TimeSpan.FromMilliseconds(1);
                        history.Add(now, history.Reserve(), 1200, SentKind.Media, 0);
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
            SequenceNumber sequence = history.Reserve();
            Assert.Equal((ushort)i, sequence.Value);
            history.Add(now, sequence, 100, SentKind.Media, 7);
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
            history.Add(Instant.FromMilliseconds(i), history.Reserve(), 100, SentKind.Media, 0);
        }

        Assert.Equal(1000, history.OutstandingBytes);
        Assert.Equal(300, history.UnreportedBefore(new(3)));
        history.Report(Instant.FromMilliseconds(20), new(3), true, out SentPacket packet);
        history.ReportedUpTo(packet.Number);
        Assert.Equal(600, history.OutstandingBytes);
        Assert.Equal(100, history.UnreportedBefore(new(5)));
    }

    [Fact]
    public void ANumberNotHandedOut_IsMisuse()
    {
        SentPacketHistory history = new(128, TimeSpan.FromSeconds(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => history.Add(Instant.Zero, new(0), 100, SentKind.Media, 0));
    }
}
