using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>Descriptors that are malformed, lie or jump: counted, never trusted, and what comes after them is sound again.</summary>
public class HostileLayerTests
{
    public static TheoryData<string, string, string> Streams() => new()
    {
        { nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor), "L3T3" },
        { nameof(PayloadFormat.Av1), nameof(LayerSignal.Payload), "L2T2" },
        { nameof(PayloadFormat.Vp9), nameof(LayerSignal.Payload), "L3T3_KEY" },
        { nameof(PayloadFormat.Vp9), nameof(LayerSignal.PictureGroup), "L2T3" },
        { nameof(PayloadFormat.Vp8), nameof(LayerSignal.Payload), "L1T3" },
        { nameof(PayloadFormat.H264), nameof(LayerSignal.Descriptor), "L1T3" },
    };

    // Bits are turned over everywhere behind the fixed header; numbers of sequence and the way out must stay in order whatever they say.
    [Theory]
    [MemberData(nameof(Streams))]
    public void Any_bits_go_in_and_one_run_of_numbers_comes_out(string codec, string signal, string mode)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            Random random = new(seed);
            LayeredCall call = new(Enum.Parse<PayloadFormat>(codec), Enum.Parse<LayerSignal>(signal), mode);
            (Consumer consumer, _, FakePeer peer) = call.Subscribe();
            for (int picture = 0; picture < 400; picture++)
            {
                consumer.SetTarget(call.Now, new LayerId((byte)random.Next(4), (byte)random.Next(4)));
                foreach (byte[] packet in call.Sources[0].Next(call.Producer.Plan, call.TakeRequests().Count > 0 || picture % 50 == 0))
                {
                    for (int i = random.Next(3) == 0 ? random.Next(1, 6) : 0; i > 0; i--)
                    {
                        packet[random.Next(12, packet.Length)] ^= (byte)(1 << random.Next(8));
                    }

                    call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet);
                }

                call.Pass(LayeredCall.FrameMilliseconds);
            }

            HashSet<ushort> sent = [];
            ushort? highest = null;
            foreach ((_, byte[] packet) in peer.Sink.Rtp)
            {
                ushort sequence = Packets.Parse(packet).SequenceNumber.Value;
                Assert.True(sent.Add(sequence), "a number was given twice");
                Assert.True(highest is null || (short)(ushort)(sequence - highest.Value) is > -512 and < 512);
                highest = sequence;
            }

            Assert.InRange(sent.Count, 20, 10_000);

            // To VP8 any bits are a descriptor.
            Assert.True(codec == nameof(PayloadFormat.Vp8) || call.Sender.Transport.GetStatistics().Drops[MediaDropReason.MalformedVideo] > 0);
        }
    }

    [Fact]
    public void A_descriptor_without_its_structure_is_counted_and_a_keyframe_asked_for()
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, "L2T2");
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        foreach (byte[] packet in call.Sources[0].Next(call.Producer.Plan, key: true).Skip(1))
        {
            call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet);
        }

        Assert.Equal(3, call.Sender.Transport.GetStatistics().Drops[MediaDropReason.MalformedVideo]);
        Assert.Empty(peer.Sink.Rtp);
        call.Pass(50);
        call.Send(30);
        Assert.Equal(1, call.KeyFrames);
        LayeredCall.Deliver(receiver, peer);
        receiver.AssertSeamless();
        Assert.Equal(new LayerId(1, 1), consumer.Current);
    }

    // An encoder begins anew with other numbers; a keyframe is where it is believed.
    [Theory]
    [InlineData(nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor), "L2T2", -20_000)]
    [InlineData(nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor), "L2T2", 20_000)]
    [InlineData(nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor), "L2T2", -60)]
    [InlineData(nameof(PayloadFormat.Vp8), nameof(LayerSignal.Payload), "L1T3", -9_000)]
    [InlineData(nameof(PayloadFormat.Vp8), nameof(LayerSignal.Payload), "L1T3", -5)]
    [InlineData(nameof(PayloadFormat.Vp9), nameof(LayerSignal.Payload), "L2T3", -9_000)]
    [InlineData(nameof(PayloadFormat.Vp9), nameof(LayerSignal.PictureGroup), "L2T3", 300)]
    public void Numbers_that_jump_at_a_keyframe_break_nothing(string codec, string signal, string mode, int jump)
    {
        LayeredCall call = new(Enum.Parse<PayloadFormat>(codec), Enum.Parse<LayerSignal>(signal), mode);
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        consumer.SetTarget(call.Now, LayerId.Highest);
        call.Send(40);
        call.Sources[0].NumberOffset += jump;
        foreach (byte[] packet in call.Sources[0].Next(call.Producer.Plan, key: true))
        {
            call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet);
        }

        call.Pass(LayeredCall.FrameMilliseconds);
        call.Send(40);
        LayeredCall.Deliver(receiver, peer);
        receiver.AssertSeamless();
        Assert.Equal(81 * 2 * Scalability.Parse(mode).Spatial, receiver.Packets.Count);
    }

    // The stream itself begins anew: other sequence numbers, believed at the second packet.
    [Fact]
    public void A_stream_that_begins_anew_is_joined_at_its_next_keyframe()
    {
        LayeredCall call = new(PayloadFormat.Vp8, LayerSignal.Payload, "L1T3");
        (_, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        call.Send(40);
        call.Sources[0].Sequence -= 20_000;
        call.Sources[0].Timestamp -= 900_000_000;
        call.Sources[0].NumberOffset -= 7_000;
        call.Send(60);
        LayeredCall.Deliver(receiver, peer);
        receiver.AssertSeamless();
        receiver.AssertVp8Numbers();
        Assert.InRange(receiver.Packets.Count, 160, 200);
    }

    // 7 bits wrap every four seconds.
    [Fact]
    public void Short_picture_ids_wrap()
    {
        LayeredCall call = new(PayloadFormat.Vp8, LayerSignal.Payload, "L1T3");
        call.Sources[0].ShortPictureIds = true;
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        Random random = new(3);
        for (int i = 0; i < 100; i++)
        {
            consumer.SetTarget(call.Now, new LayerId(0, (byte)random.Next(3)));
            call.Send(random.Next(1, 12));
        }

        LayeredCall.Deliver(receiver, peer);
        receiver.AssertSeamless();
        receiver.AssertVp8Numbers();
    }

    [Fact]
    public void Forwarding_layers_allocates_nothing()
    {
        LayeredCall call = new(PayloadFormat.Vp8, LayerSignal.Payload, "L1T3");
        (Consumer consumer, _, FakePeer peer) = call.Subscribe();
        consumer.SetTarget(call.Now, new LayerId(0, 1));
        peer.Sink.Keeps = false;
        List<byte[]> packets = [];
        for (int i = 0; i < 9500; i++)
        {
            packets.AddRange(call.Sources[0].Next(call.Producer.Plan, i == 0, packetsPerFrame: 1));
        }

        Instant now = call.Now;
        int next = 0;
        Send(500);
        Assert.Equal(0, AllocationMeter.Count(() => Send(3000)));
        Assert.InRange(peer.Sink.RtpCount, next * 0.45, next * 0.55);

        void Send(int count)
        {
            for (int end = next + count; next < end; next++)
            {
                call.Room.Router.HandleRtp(now, call.Sender.Transport, packets[next]);
                now += TimeSpan.FromMilliseconds(33);
            }
        }
    }
}
