using Crosspoint.Media.Tests.Routing;
using Crosspoint.Netem;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Repair;

/// <summary>What is asked for a second time: where packets are lost by chance it is not left to one packet again.</summary>
public sealed class RepeatedResendTests
{
    [Theory]
    [InlineData(10, 1, 2)]
    [InlineData(0, 1, 1)] // nothing is lost here: who asks again is impatient
    public void What_is_asked_for_again_on_a_lossy_link_is_sent_twice(double lossPercent, int first, int second)
    {
        CongestedRoom room = new(new LinkPlan { Rate = RatePlan.Steady(3000), Delay = TimeSpan.FromMilliseconds(20), Loss = Chance.FromPercent(lossPercent) });
        (_, Consumer consumer) = room.AddVideo(800);
        room.Run(4);
        SequenceNumber sequence = Packets.Parse(room.Arrived.Last(one => Packets.Parse(one.Packet).Ssrc == consumer.Plan.Ssrc).Packet).SequenceNumber;
        Assert.Equal(first, Resent(room, consumer, sequence));
        Assert.Equal(0, Resent(room, consumer, sequence)); // the answer is on its way
        room.Run(4.3);
        Assert.Equal(second, Resent(room, consumer, sequence));
    }

    private static long Resent(CongestedRoom room, Consumer consumer, SequenceNumber sequence)
    {
        long before = consumer.GetStatistics().Resent;
        room.Receiver.Rtcp(room.Now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [sequence]));
        return consumer.GetStatistics().Resent - before;
    }
}
