using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>One stream with layers: each consumer gets the frames of its own, whole, decodable and under one run of numbers.</summary>
public class SvcTests
{
    // libaom leaves out frames of the smallest picture only, and larger ones go on: what is above it does not fit those who are sent it.
    [Theory]
    [InlineData(20, true)]
    [InlineData(75, true)]
    [InlineData(120, false)]
    public void A_lowest_layer_that_saves_up_is_still_there_for_three_seconds(int pictures, bool isThere)
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, "L2T1");
        call.Subscribe();
        call.Send(30);
        call.Producer.Layers.Refresh(call.Now);
        Bitrate before = call.Producer.Layers[new LayerId(0, 0)];
        Assert.True(before > Bitrate.Zero);
        for (int i = 0; i < pictures; i++)
        {
            // Two packets a frame, the smallest picture first.
            call.Sources[0].Next(call.Producer.Plan, key: false).Skip(2).ToList().ForEach(packet => call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet));
            call.Pass(33);
            call.Producer.Layers.Refresh(call.Now);
        }

        Assert.Equal(isThere, call.Producer.Layers.IsAlive(0));
        Assert.Equal(isThere, call.Producer.Layers[new LayerId(0, 0)] > Bitrate.Zero);
        Assert.True(call.Producer.Layers.IsAlive(1));
    }

    public static TheoryData<string, string, string> Modes()
    {
        TheoryData<string, string, string> rows = [];
        foreach (string mode in (string[])["L1T2", "L1T3", "L2T1", "L2T2", "L2T3", "L3T1", "L3T2", "L3T3", "L2T2_KEY", "L3T1_KEY", "L3T3_KEY", "S2T1", "S3T3"])
        {
            rows.Add(mode, nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor));
            rows.Add(mode, nameof(PayloadFormat.Vp9), nameof(LayerSignal.Payload));
            rows.Add(mode, nameof(PayloadFormat.Vp9), nameof(LayerSignal.PictureGroup));
            if (mode[0] == 'L' && !mode.EndsWith("_KEY", StringComparison.Ordinal))
            {
                rows.Add(mode, nameof(PayloadFormat.Av1), nameof(LayerSignal.Payload));
            }
        }

        foreach (string mode in (string[])["L1T1", "L1T2", "L1T3"])
        {
            rows.Add(mode, nameof(PayloadFormat.Vp8), nameof(LayerSignal.Payload));
            rows.Add(mode, nameof(PayloadFormat.H264), nameof(LayerSignal.Descriptor));
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_layer_can_be_had_alone_and_costs_no_more_than_its_frames(string mode, string codec, string signal)
    {
        Scalability scalability = Scalability.Parse(mode);
        for (byte spatial = 0; spatial < scalability.Spatial; spatial++)
        {
            for (byte temporal = 0; temporal < scalability.Temporal; temporal++)
            {
                LayeredCall call = new(Enum.Parse<PayloadFormat>(codec), Enum.Parse<LayerSignal>(signal), mode);
                (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
                LayerId target = new(spatial, temporal);
                consumer.SetTarget(call.Now, target);
                call.Send(60);
                LayeredCall.Deliver(receiver, peer);
                AssertSound(receiver, codec, signal);

                // A stream that does not announce its layers shows them one after the other.
                Assert.Equal(target, consumer.Current);
                IEnumerable<ReceivedPacket> late = receiver.Packets.Skip(receiver.Packets.Count / 2);
                Assert.Equal((spatial, temporal), ((byte)late.Max(packet => packet.Spatial), (byte)late.Max(packet => packet.Temporal)));
                if (scalability.InterLayer != InterLayer.Always && codec != nameof(PayloadFormat.H264))
                {
                    Assert.All(late, packet => Assert.Equal(spatial, packet.Spatial));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Any_walk_of_targets_leaves_a_stream_that_decodes(string mode, string codec, string signal)
    {
        Scalability scalability = Scalability.Parse(mode);
        for (int seed = 1; seed <= 6; seed++)
        {
            Random random = new(seed);
            LayeredCall call = new(Enum.Parse<PayloadFormat>(codec), Enum.Parse<LayerSignal>(signal), mode);
            (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe(withRtx: seed % 2 == 0);
            for (int round = 0; round < 60; round++)
            {
                LayerId? target = random.Next(10) == 0 ? null : new LayerId((byte)random.Next(scalability.Spatial), (byte)random.Next(scalability.Temporal));
                consumer.SetTarget(call.Now, target);
                call.Send(random.Next(1, 30));
                Assert.True(consumer.Current is null || consumer.Current.Value.Spatial < scalability.Spatial, $"seed {seed}");
            }

            LayeredCall.Deliver(receiver, peer);
            AssertSound(receiver, codec, signal);
            Assert.InRange(call.KeyFrames, 1, 200);
        }
    }

    [Theory]
    [InlineData("L3T3", nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor))]
    [InlineData("L3T3", nameof(PayloadFormat.Vp9), nameof(LayerSignal.Payload))]
    [InlineData("L3T3", nameof(PayloadFormat.Vp9), nameof(LayerSignal.PictureGroup))]
    [InlineData("L1T3", nameof(PayloadFormat.Vp8), nameof(LayerSignal.Payload))]
    public void Down_goes_at_the_next_picture_and_up_in_time_without_a_keyframe(string mode, string codec, string signal)
    {
        LayeredCall call = new(Enum.Parse<PayloadFormat>(codec), Enum.Parse<LayerSignal>(signal), mode);
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        call.Send(30);
        LayerId highest = consumer.Current!.Value;
        Assert.Equal(Scalability.Parse(mode).Temporal - 1, highest.Temporal);
        Assert.Equal(Scalability.Parse(mode).Spatial - 1, highest.Spatial);

        consumer.SetTarget(call.Now, highest with { Temporal = 0 });
        call.Send(1);
        Assert.Equal(0, consumer.Current!.Value.Temporal);
        call.Send(10);

        consumer.SetTarget(call.Now, highest);
        call.Send(9);
        Assert.Equal(highest, consumer.Current);
        Assert.Equal(1, call.KeyFrames);

        consumer.SetTarget(call.Now, new LayerId(0, highest.Temporal));
        call.Send(1);
        Assert.Equal(0, consumer.Current!.Value.Spatial);
        LayeredCall.Deliver(receiver, peer);
        AssertSound(receiver, codec, signal);
    }

    [Theory]
    [InlineData("L3T3", nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor))]
    [InlineData("L3T3_KEY", nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor))]
    [InlineData("L3T3_KEY", nameof(PayloadFormat.Vp9), nameof(LayerSignal.Payload))]
    public void A_larger_picture_needs_one_keyframe_that_is_asked_for_once(string mode, string codec, string signal)
    {
        LayeredCall call = new(Enum.Parse<PayloadFormat>(codec), Enum.Parse<LayerSignal>(signal), mode);
        (Consumer first, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        (Consumer second, _, _) = call.Subscribe();
        first.SetTarget(call.Now, new LayerId(0, 2));
        second.SetTarget(call.Now, new LayerId(0, 2));
        call.Send(30);
        Assert.Equal(1, call.KeyFrames);

        first.SetTarget(call.Now, new LayerId(2, 2));
        second.SetTarget(call.Now, new LayerId(2, 2));
        call.Send(20);
        Assert.Equal(2, call.KeyFrames);
        Assert.Equal(new LayerId(2, 2), first.Current);
        Assert.Equal(new LayerId(2, 2), second.Current);
        LayeredCall.Deliver(receiver, peer);
        AssertSound(receiver, codec, signal);
    }

    // The encoder switches its top layer off and on again: what the consumer may be sent stays, and it follows.
    [Theory]
    [InlineData("L3T3")]
    [InlineData("L2T1")]
    public void A_layer_that_comes_and_goes_is_followed_without_keyframes(string mode)
    {
        LayeredCall call = new(PayloadFormat.Av1, LayerSignal.Descriptor, mode);
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        int spatial = Scalability.Parse(mode).Spatial;
        call.Send(12);
        call.Send(40, layers: spatial - 1);
        call.Send(12);
        Assert.Equal(1, call.KeyFrames);
        LayeredCall.Deliver(receiver, peer);
        AssertSound(receiver, nameof(PayloadFormat.Av1), nameof(LayerSignal.Descriptor));
        Assert.Equal(spatial - 1, receiver.Packets[^1].Spatial);
        Assert.Equal(spatial - 1, consumer.Current!.Value.Spatial);
    }

    [Fact]
    public void What_is_lost_on_the_way_to_the_router_breaks_nothing_else()
    {
        foreach ((string mode, PayloadFormat codec, LayerSignal signal) in ((string, PayloadFormat, LayerSignal)[])
            [("L3T3", PayloadFormat.Av1, LayerSignal.Descriptor), ("L3T3_KEY", PayloadFormat.Vp9, LayerSignal.Payload), ("L1T3", PayloadFormat.Vp8, LayerSignal.Payload)])
        {
            for (int seed = 1; seed <= 10; seed++)
            {
                Lossy(mode, codec, signal, new Random(seed));
            }
        }
    }

    // A tenth is lost, half of that comes later; whatever comes of a kept frame is sent, and what is not wanted leaves no hole.
    private static void Lossy(string mode, PayloadFormat codec, LayerSignal signal, Random random)
    {
        Scalability scalability = Scalability.Parse(mode);
        LayeredCall call = new(codec, signal, mode);
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        LayeredReceiver all = new(consumer.Plan);
        HashSet<int> incomplete = [];
        List<(int At, byte[] Packet)> late = [];
        List<byte[]> lost = [];
        for (int picture = 0; picture < 300; picture++)
        {
            if (picture % 17 == 0)
            {
                consumer.SetTarget(call.Now, new LayerId((byte)random.Next(scalability.Spatial), (byte)random.Next(scalability.Temporal)));
            }

            bool key = call.TakeRequests().Count > 0 || picture == 0;
            foreach (byte[] packet in call.Sources[0].Next(call.Producer.Plan, key))
            {
                int fate = picture == 0 ? 2 : random.Next(20);
                if (fate == 0)
                {
                    lost.Add(packet);
                }
                else if (fate == 1)
                {
                    late.Add((picture + random.Next(1, 4), packet));
                }
                else
                {
                    call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet);
                }
            }

            foreach ((_, byte[] packet) in late.Where(entry => entry.At == picture))
            {
                call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet);
            }

            call.Pass(LayeredCall.FrameMilliseconds);
        }

        foreach (byte[] packet in lost.Concat(late.Where(entry => entry.At >= 300).Select(entry => entry.Packet)))
        {
            incomplete.Add(FrameOf(packet));
        }

        LayeredCall.Deliver(receiver, peer);
        receiver.AssertDecodable(incomplete);
        Assert.InRange(receiver.Packets.Count, 100, 5000);
    }

    private static int FrameOf(byte[] packet)
    {
        ReadOnlySpan<byte> truth = packet.AsSpan(packet.Length - packet[^2]);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(truth);
    }

    private static void AssertSound(LayeredReceiver receiver, string codec, string signal)
    {
        Assert.NotEmpty(receiver.Packets);
        receiver.AssertSeamless();
        if (codec == nameof(PayloadFormat.Vp8) && receiver.Packets[0].Picture.IsPresent)
        {
            receiver.AssertVp8Numbers();
        }

        if (signal == nameof(LayerSignal.Descriptor))
        {
            receiver.AssertFrameNumbers();
        }
    }
}
