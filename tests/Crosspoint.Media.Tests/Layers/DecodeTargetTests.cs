using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>A receiver of dependency descriptors is told which decode targets it can decode (RTP Payload Format For AV1, A.4.4), and only when that is news.</summary>
public class DecodeTargetTests
{
    // Packets: s brings a structure, b begins a frame, c continues one; then the targets that can be decoded and, after a slash, those the sender sends,
    // with ! where it says so itself. What is told, or -.
    [Theory]
    [InlineData("s:f/f b:f/f b:f/f", "- - -")] // everything: nothing to tell
    [InlineData("s:3/f c:3/f b:3/f", "3 - -")] // the structure tells, and is repaired like all
    [InlineData("s:f/f b:3/f c:3/f b:3/f", "- 3 - 3")] // a change: at the beginnings of frames
    [InlineData("s:f/f b:3/f b:f/f", "- 3 f")] // and back
    [InlineData("s:f/f b:3/f b:3/f b:3/f b:3/f b:3/f b:3/f b:3/f b:3/f b:3/f", "- 3 3 3 3 3 3 3 3 -")] // eight times
    [InlineData("s:3/f b:3/f s:3/f b:1/f s:f/f b:f/f", "3 - 3 1 - -")] // every structure: without it all would count as sent
    [InlineData("s:f/f b:f/7! b:f/7", "- - 7")] // the sender sends less and says so; that is told on
    [InlineData("s:3/f b:3/5!", "3 1")] // both
    [InlineData("s:3/7!", "3")] // a structure that tells itself
    [InlineData("s:3/3!", "-")]
    [InlineData("s:0/f b:0/f", "- -")] // a layer that no target is
    [InlineData("b:3/f", "3")] // begun without a structure
    public void It_is_told_with_every_structure_and_after_a_change(string packets, string told)
    {
        DecodeTargetSignal signal = default;
        List<string> heard = [];
        foreach (string packet in packets.Split(' '))
        {
            string[] masks = packet[2..].TrimEnd('!').Split('/');
            FrameFacts frame = default;
            frame.Flags = packet[0] switch { 's' => FrameFlags.Structure | FrameFlags.BeginsFrame, 'b' => FrameFlags.BeginsFrame, _ => FrameFlags.None };
            frame.Targets = new ActiveDecodeTargets(Convert.ToUInt32(masks[1], 16), 29, 4, packet[^1] == '!');
            uint mask = signal.Take(Convert.ToUInt32(masks[0], 16), frame);
            heard.Add(mask == 0 ? "-" : mask.ToString("x"));
        }

        Assert.Equal(told, string.Join(' ', heard));
    }

    [Theory]
    [InlineData("L1T3")]
    [InlineData("L2T2")]
    [InlineData("L3T3")]
    [InlineData("L3T3_KEY")]
    [InlineData("S3T3")]
    public void A_receiver_knows_what_it_can_decode_through_changes_wrap_around_and_restarts(string mode)
    {
        Scalability scalability = Scalability.Parse(mode);
        for (int seed = 1; seed <= 4; seed++)
        {
            Random random = new(seed);
            LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, mode);
            call.Sources[0].NumberOffset = 65_400;
            (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe(withRtx: true);
            for (int round = 0; round < 25; round++)
            {
                LayerId target = new((byte)random.Next(scalability.Spatial), (byte)random.Next(scalability.Temporal));
                consumer.SetTarget(call.Now, target);

                // A keyframe for a larger picture may take 2 s to be asked for.
                call.Send(100);
                LayeredCall.Deliver(receiver, peer);
                Assert.Equal(target, consumer.Current);
                Assert.Equal((seed, round, Decodable(scalability, target)), (seed, round, receiver.DecodeTargets));
                if (round % 10 == 9)
                {
                    // Another encoder counts from elsewhere, from a keyframe on.
                    call.Pass(3000);
                    call.Sources[0].NumberOffset += 20_000;
                    call.Room.Router.RequestKeyFrame(call.Now, consumer);
                }
            }

            Assert.InRange(receiver.TargetsTold, 1, 600);
            receiver.AssertSeamless();
            receiver.AssertFrameNumbers();
        }
    }

    [Fact]
    public void Who_gets_everything_gets_the_descriptors_as_they_came()
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, "L3T3");
        (_, LayeredReceiver receiver, FakePeer peer) = call.Subscribe(withRtx: true);
        call.Send(100);
        LayeredCall.Deliver(receiver, peer);
        Assert.Equal((0, 0x1FFu), (receiver.TargetsTold, receiver.DecodeTargets));
    }

    // Sent again to the bit, which it could not be when what it told is forgotten.
    [Fact]
    public void Without_rtx_nothing_is_changed()
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, "L3T3");
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        consumer.SetTarget(call.Now, new LayerId(0, 0));
        call.Send(60);
        LayeredCall.Deliver(receiver, peer);
        Assert.Equal(0, receiver.TargetsTold);
    }

    [Fact]
    public void Two_layers_of_one_packet_are_told_apart()
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, "L3T3");
        (Consumer Consumer, LayeredReceiver Receiver, FakePeer Peer)[] all = [call.Subscribe(withRtx: true), call.Subscribe(withRtx: true), call.Subscribe(withRtx: true)];
        all[1].Consumer.SetTarget(call.Now, new LayerId(1, 0));
        all[2].Consumer.SetTarget(call.Now, new LayerId(0, 2));
        call.Send(10);
        uint[] heard = [.. all.Select(one =>
        {
            LayeredCall.Deliver(one.Receiver, one.Peer);
            return one.Receiver.DecodeTargets;
        })];
        Assert.Equal([0b111_111_111u, 0b001_001u, 0b111u], heard);
    }

    [Theory]
    [InlineData("L3T3")]
    [InlineData("L2T2_KEY")]
    public void What_is_sent_again_tells_what_it_told(string mode)
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, mode);
        (Consumer consumer, _, FakePeer peer) = call.Subscribe(withRtx: true);
        int told = 0;
        for (int round = 0; round < 12; round++)
        {
            consumer.SetTarget(call.Now, new LayerId((byte)(round % 2), (byte)(round / 2 % 2)));
            call.Send(12);
            Dictionary<ushort, byte[]> sent = peer.Sink.Rtp.Select(entry => entry.Packet).ToDictionary(packet => Packets.Parse(packet).SequenceNumber.Value);
            peer.Sink.Rtp.Clear();
            foreach ((ushort sequence, byte[] packet) in sent.TakeLast(40))
            {
                peer.Rtcp(call.Now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [new(sequence)]));
                byte[] again = Assert.Single(peer.Sink.Rtp).Packet;
                peer.Sink.Rtp.Clear();
                Assert.Equal(Descriptor(consumer, packet), Descriptor(consumer, again));
                told += (Descriptor(consumer, packet)[3] & 0x40) >> 6;
            }
        }

        Assert.InRange(told, 20, 12 * 40);
    }

    private static byte[] Descriptor(Consumer consumer, byte[] packet) =>
        Packets.Parse(packet).TryGetExtension(consumer.Plan.Extensions[Plans.HeaderExtensionKind.DependencyDescriptor], out ReadOnlySpan<byte> element) ? element.ToArray() : [];

    [Fact]
    public void A_keyframe_that_is_sent_again_tells_it_too()
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, "L3T3");
        (Consumer consumer, _, FakePeer peer) = call.Subscribe(withRtx: true);
        consumer.SetTarget(call.Now, new LayerId(0, 1));
        call.Send(4);
        ushort first = 0;
        Assert.True(RtpPacket.TryParse(peer.Sink.Rtp[0].Packet, out RtpPacket key));
        first = key.SequenceNumber.Value;
        peer.Sink.Rtp.Clear();
        peer.Rtcp(call.Now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [new(first)]));
        Assert.True(RtpPacket.TryParse(Assert.Single(peer.Sink.Rtp).Packet, out RtpPacket again));
        Assert.Equal(consumer.Plan.RtxSsrc, again.Ssrc);
        Assert.True(again.TryGetExtension(consumer.Plan.Extensions[Plans.HeaderExtensionKind.DependencyDescriptor], out ReadOnlySpan<byte> element));
        Assert.Equal(DependencyDescriptorStatus.Ok, new DependencyDescriptorReader().Read(element, out DependencyDescriptor descriptor));
        Assert.Equal((true, 0b011u), (descriptor.HasStructure, descriptor.ActiveDecodeTargets));
    }

    // Those of the same or lower layers that are part of the target's own.
    private static uint Decodable(Scalability mode, LayerId layer)
    {
        uint mask = 0;
        for (int spatial = 0; spatial < mode.Spatial; spatial++)
        {
            for (int temporal = 0; temporal < mode.Temporal; temporal++)
            {
                bool isPart = temporal <= layer.Temporal && (spatial == layer.Spatial || (spatial < layer.Spatial && mode.InterLayer == InterLayer.Always));
                mask |= isPart ? 1u << ((spatial * mode.Temporal) + temporal) : 0;
            }
        }

        return mask;
    }
}
