using Crosspoint.Media.Tests.Layers;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Encryption;

/// <summary>After the order nothing goes to or from a member that was removed: not what comes, not what waits, not what is stored.</summary>
public class StopForwardingTests
{
    [Theory]
    [InlineData(PayloadFormat.Opus)]
    [InlineData(PayloadFormat.Vp8)]
    [InlineData(PayloadFormat.Vp9)]
    public void Nothing_of_a_stopped_sender_is_forwarded_until_he_may_again(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Send(call.Sealed(key: true));
        call.Send(call.Sealed());
        Assert.Equal(2, call.Forwarded);
        ushort sent = Packets.Parse(call.Receiver.Sink.Rtp[^1].Packet).SequenceNumber.Value;
        call.Take();

        call.Room.Router.SetForwarding(call.Now, call.Sender.Transport, sends: false, receives: true);
        call.TakeKeyFrameRequests();
        for (int i = 0; i < 10; i++)
        {
            call.Send(call.Sealed(key: i == 5));
            call.Room.Router.HandleTimeout(call.Now);
        }

        Ask(call, sent);
        Assert.Equal((0, 10L, 1L), (call.Take(), call.Dropped(MediaDropReason.ForwardingStopped), call.Consumer.GetStatistics().Drops[MediaDropReason.ForwardingStopped]));
        Assert.Equal(0, call.TakeKeyFrameRequests());

        call.Room.Router.SetForwarding(call.Now, call.Sender.Transport, sends: true, receives: true);
        Assert.Equal(codec == PayloadFormat.Opus ? 0 : 1, call.TakeKeyFrameRequests());
        call.Send(call.Sealed());
        Assert.Equal(codec == PayloadFormat.Opus ? 1 : 0, call.Take());
        call.Send(call.Sealed(key: true));
        call.Send(call.Sealed());
        Assert.Equal(2, call.Take());
    }

    [Theory]
    [InlineData(PayloadFormat.Opus)]
    [InlineData(PayloadFormat.Vp8)]
    public void Nothing_goes_to_a_stopped_receiver_and_all_to_the_others(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        (_, FakePeer other) = call.Subscribe();
        call.Send(call.Sealed(key: true));
        call.Send(call.Sealed());
        ushort sent = Packets.Parse(call.Receiver.Sink.Rtp[^1].Packet).SequenceNumber.Value;
        call.Take();
        call.Room.Router.SetForwarding(call.Now, call.Receiver.Transport, sends: true, receives: false);
        call.Receiver.Sink.Rtcp.Clear();
        for (int i = 0; i < 200; i++)
        {
            call.Send(call.Sealed(key: i % 50 == 0));
            call.Room.Router.HandleTimeout(call.Now);
        }

        Ask(call, sent);
        call.Subscribe(call.Receiver); // also what he asks for now
        call.Send(call.Sealed(key: true));
        Assert.Equal(0, call.Take());
        Assert.DoesNotContain(RtcpKind.SenderReport, Packets.Kinds(call.Receiver.Sink.Rtcp));
        Assert.Equal(203, other.Sink.Rtp.Count);

        call.Room.Router.SetForwarding(call.Now, call.Receiver.Transport, sends: true, receives: true);
        call.Send(call.Sealed(key: true));
        Assert.Equal(2, call.Take());
    }

    [Fact]
    public void What_a_stopped_member_begins_to_send_is_not_forwarded_either()
    {
        Room room = new();
        FakePeer sender = room.AddPeer();
        (_, Producer template) = room.AddVideo();
        room.Router.SetForwarding(Instant.Zero, sender.Transport, sends: false, receives: false);
        Producer producer = room.Router.Produce(Instant.Zero, sender.Transport, template.Plan, paused: false);
        producer.Tag = template.Tag;
        (FakePeer receiver, _) = room.Consume(producer);
        room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 1, 1, Packets.Key));
        Assert.Empty(receiver.Sink.Rtp);
        room.Router.SetForwarding(Instant.Zero, sender.Transport, sends: true, receives: false);
        room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 2, 3000, Packets.Key));
        Assert.Single(receiver.Sink.Rtp);
    }

    [Fact]
    public void What_waits_behind_a_narrow_link_does_not_leave_after_the_order()
    {
        CongestedRoom room = new(new LinkPlan { Rate = RatePlan.Steady(600), Delay = TimeSpan.FromMilliseconds(30) });
        (Producer removed, Consumer gone) = room.AddVideo(900);
        (_, Consumer stays) = room.AddVideo(100);
        int forwarded = 0;
        (bool waited, bool others) = (false, false);
        for (double seconds = 2; seconds < 12; seconds += 0.5)
        {
            room.Run(seconds);
            forwarded = room.Receiver.Sink.Rtp.Count;
            waited |= room.Receiver.Transport.GetDownlinkStatistics()!.Value.QueuedBytes > 0;
            room.Room.Router.SetForwarding(room.Now, removed.Transport, sends: false, receives: true);
            room.Run(seconds + 0.25);
            foreach ((_, byte[] packet) in room.Receiver.Sink.Rtp.Skip(forwarded))
            {
                RtpPacket sent = Packets.Parse(packet);
                Assert.NotEqual(gone.Plan.Ssrc, sent.Ssrc);
                Assert.True(sent.Ssrc != gone.Plan.RtxSsrc || sent.Payload.IsEmpty, "a packet of his again");
                others |= sent.Ssrc == stays.Plan.Ssrc;
            }

            room.Room.Router.SetForwarding(room.Now, removed.Transport, sends: true, receives: true);
        }

        Assert.Equal((true, true), (waited, others));
        forwarded = room.Receiver.Sink.Rtp.Count;
        room.Room.Router.SetForwarding(room.Now, room.Receiver.Transport, sends: true, receives: false);
        room.Run(14);
        Assert.Equal(forwarded, room.Receiver.Sink.Rtp.Count);
        Assert.Contains(gone.Plan.Ssrc, room.Receiver.Sink.Rtp.Select(sent => Packets.Parse(sent.Packet).Ssrc));
    }

    [Fact]
    public void A_simulcast_goes_on_with_a_keyframe_of_what_is_wanted()
    {
        LayeredCall call = new(PayloadFormat.Vp8, LayerSignal.Payload, "L1T3", "L1T3");
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        call.Send(30);
        LayeredCall.Deliver(receiver, peer);
        call.Room.Router.SetForwarding(call.Now, call.Sender.Transport, sends: false, receives: true);
        call.Send(30);
        Assert.Empty(peer.Sink.Rtp);
        Assert.Null(consumer.Current);
        call.Room.Router.SetForwarding(call.Now, call.Sender.Transport, sends: true, receives: true);
        call.Send(60);
        LayeredCall.Deliver(receiver, peer);
        Assert.Equal((byte?)1, consumer.Current?.Spatial);
        receiver.AssertDecodable([]);
    }

    private static void Ask(EncryptedCall call, ushort sequence)
    {
        call.Now += TimeSpan.FromSeconds(1) / 4;
        call.Receiver.Rtcp(call.Now, (ref RtcpWriter writer) =>
            GenericNack.TryWrite(ref writer, new Ssrc(77), call.Consumer.Plan.Ssrc, [new SequenceNumber(sequence)]));
    }
}
