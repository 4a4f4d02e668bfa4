using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Routing;

public class ScoreTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.01, 10)]
    [InlineData(0.02, 9)]
    [InlineData(0.05, 8)]
    [InlineData(0.1, 7)]
    [InlineData(0.2, 4)]
    [InlineData(0.5, 1)]
    [InlineData(1, 0)]
    [InlineData(-3, 10)]
    [InlineData(7, 0)]
    public void A_loss_is_a_score(double loss, byte score) => Assert.Equal(score, QualityScore.Of(loss));

    [Fact]
    public void What_is_lost_on_either_side_is_told_once_a_second_at_most()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        (FakePeer receiver, Consumer consumer) = room.Consume(producer);
        List<(double At, RouterEventKind Kind, byte Score)> told = [];
        for (int i = 0; i < 600; i++)
        {
            double now = i * 10;
            room.RunUntil(now);

            // From the second second on every tenth packet is lost.
            if (i < 200 || i % 10 != 0)
            {
                room.Router.HandleRtp(Instant.FromMilliseconds(now), sender.Transport, Packets.Rtp(producer.Plan, i, (uint)(i * 900), Packets.Key));
            }

            if (i == 300)
            {
                receiver.Rtcp(Instant.FromMilliseconds(now), (ref RtcpWriter writer) =>
                    ReceiverReport.TryWrite(ref writer, new(9), [new ReportBlock(consumer.Plan.Ssrc, 26, 10, 100, 0, default, default)]));
            }

            told.AddRange(room.Events()
                .Where(one => one.Kind is RouterEventKind.ProducerScore or RouterEventKind.ConsumerScore)
                .Select(one => (now, one.Kind, one.Score)));
        }

        byte[] producers = [.. told.Where(one => one.Kind == RouterEventKind.ProducerScore).Select(one => one.Score)];
        Assert.Equal(10, producers[0]);
        Assert.Contains((byte)7, producers);
        Assert.Equal([(byte)10, (byte)7], told.Where(one => one.Kind == RouterEventKind.ConsumerScore).Select(one => one.Score));
        foreach (var kind in told.GroupBy(one => one.Kind))
        {
            double[] times = [.. kind.Select(one => one.At)];
            Assert.All(Enumerable.Range(1, times.Length - 1), i => Assert.True(times[i] - times[i - 1] >= 990));
        }
    }
}
