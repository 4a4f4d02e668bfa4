using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Layers;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Media.Tests.Encryption;

/// <summary>Layers are chosen by what stays readable: encrypted frames are forwarded as others are.</summary>
public class SealedLayersTests
{
    private const int Leaf = 7;
    private const byte Epoch = 200;

    [Theory]
    [InlineData("L1T1", PayloadFormat.Vp8)]
    [InlineData("L1T2", PayloadFormat.Vp8)]
    [InlineData("L1T3", PayloadFormat.Vp8)]
    [InlineData("L1T3", PayloadFormat.Vp9)]
    [InlineData("L2T3", PayloadFormat.Vp9)]
    [InlineData("L3T3", PayloadFormat.Vp9)]
    [InlineData("L3T3_KEY", PayloadFormat.Vp9)]
    public void Every_layer_of_an_encrypted_stream_can_be_had_alone(string mode, PayloadFormat codec)
    {
        Scalability scalability = Scalability.Parse(mode);
        for (byte spatial = 0; spatial < scalability.Spatial; spatial++)
        {
            for (byte temporal = 0; temporal < scalability.Temporal; temporal++)
            {
                LayeredCall call = Start(codec, mode);
                (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
                LayerId target = new(spatial, temporal);
                consumer.SetTarget(call.Now, target);
                call.Send(60);
                LayeredCall.Deliver(receiver, peer);
                receiver.AssertSeamless();
                Assert.Equal(target, consumer.Current);
                IEnumerable<ReceivedPacket> late = receiver.Packets.Skip(receiver.Packets.Count / 2);
                Assert.Equal((spatial, temporal), ((byte)late.Max(packet => packet.Spatial), (byte)late.Max(packet => packet.Temporal)));
                AssertNothingRefused(call);
            }
        }
    }

    [Fact]
    public void Encodings_of_an_encrypted_simulcast_are_switched_at_their_keyframes()
    {
        LayeredCall call = Start(PayloadFormat.Vp8, "L1T3", "L1T3", "L1T3");
        (Consumer consumer, LayeredReceiver receiver, FakePeer peer) = call.Subscribe();
        foreach (byte spatial in (byte[])[0, 2, 1, 2, 0])
        {
            consumer.SetTarget(call.Now, new LayerId(spatial, 2));
            call.Send(40);
            Assert.Equal(new LayerId(spatial, 2), consumer.Current);
        }

        LayeredCall.Deliver(receiver, peer);
        receiver.AssertSeamless();
        AssertNothingRefused(call);
    }

    private static LayeredCall Start(PayloadFormat codec, params string[] modes)
    {
        ulong counter = 0;
        LayeredCall call = new(codec, LayerSignal.Payload, () => Header(counter++), modes);
        call.Room.Router.SetFrameEpochs(new FrameEpochs(Epoch, null));
        call.Producer.SetFrameLeaf(Leaf, SFrameKind.Camera);
        return call;
    }

    private static byte[] Header(ulong counter)
    {
        byte[] bytes = new byte[SFrameHeader.MaxLength];
        return bytes[..new SFrameHeader(new SFrameKeyId(0, SFrameKind.Camera, Leaf, Epoch).Value, counter).Write(bytes)];
    }

    private static void AssertNothingRefused(LayeredCall call)
    {
        for (MediaDropReason reason = MediaDropReason.SframeMalformed; reason <= MediaDropReason.SframeUnjudged; reason++)
        {
            Assert.Equal(0, call.Sender.Transport.GetStatistics().Drops[reason]);
        }
    }
}
