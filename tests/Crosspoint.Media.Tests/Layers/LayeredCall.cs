using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>A publisher of one video in layers or encodings, the router, and subscribers that check what they get.</summary>
internal sealed class LayeredCall
{
    public const double FrameMilliseconds = 33;

    private static readonly HeaderExtensionIds Extensions = new([(HeaderExtensionKind.Mid, 1), (HeaderExtensionKind.DependencyDescriptor, 8)]);

    private readonly PayloadFormat _codec;
    private uint _nextSsrc = 90_000;

    public LayeredCall(PayloadFormat codec, LayerSignal signal, params string[] modes)
        : this(codec, signal, null, modes)
    {
    }

    /// <summary>With frames that are encrypted, as far as a router can tell.</summary>
    public LayeredCall(PayloadFormat codec, LayerSignal signal, Func<byte[]>? sealedWith, params string[] modes)
    {
        _codec = codec;
        Room = new Room();
        Sender = Room.AddPeer();
        Sources = [.. modes.Select((mode, i) => new LayeredSource(Scalability.Parse(mode), codec, signal, i) { SealedWith = sealedWith })];
        ProducerPlan plan = new()
        {
            Kind = MediaKind.Video,
            Codec = codec,
            ClockRate = 90_000,
            PayloadType = new(96),
            Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication,
            Extensions = Extensions,
            Encodings = [.. modes.Select((_, i) => new EncodingPlan(new((uint)(1000 + i)), Ssrc.None, default))],
            CanonicalName = "layers"u8.ToArray(),
        };
        Producer = Room.Router.Produce(Instant.Zero, Sender.Transport, plan, paused: false);
    }

    public Room Room { get; }

    public FakePeer Sender { get; }

    public Producer Producer { get; }

    public LayeredSource[] Sources { get; }

    /// <summary>From picture to picture, ms.</summary>
    public double Interval { get; init; } = FrameMilliseconds;

    public Instant Now { get; private set; } = Instant.FromMilliseconds(10_000);

    /// <summary>How many keyframe requests have been answered.</summary>
    public int KeyFrames { get; private set; }

    public (Consumer Consumer, LayeredReceiver Receiver, FakePeer Peer) Subscribe(bool withRtx = false, bool withDescriptor = true)
    {
        FakePeer peer = Room.AddPeer();
        ConsumerPlan plan = new()
        {
            Kind = MediaKind.Video,
            Codec = _codec,
            ClockRate = 90_000,
            PayloadType = new(100),
            RtxPayloadType = withRtx ? new PayloadType(101) : null,
            Ssrc = new(_nextSsrc++),
            RtxSsrc = withRtx ? new Ssrc(_nextSsrc++) : Ssrc.None,
            Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication,
            Extensions = withDescriptor ? Extensions : HeaderExtensionIds.None,
            CanonicalName = "layers"u8.ToArray(),
        };
        return (Room.Router.Consume(Now, peer.Transport, Producer, plan, paused: false), new LayeredReceiver(plan), peer);
    }

    /// <summary>Sends pictures, with a keyframe of every encoding that was asked for one.</summary>
    /// <param name="pictures">How many.</param>
    /// <param name="isSent">Which encodings are sent; all when null.</param>
    /// <param name="layers">How many spatial layers are encoded.</param>
    /// <param name="isMixed">Packets of the encodings come in turns, as a pacer sends them.</param>
    public void Send(int pictures, Func<int, bool>? isSent = null, int layers = 4, bool isMixed = false)
    {
        List<(int Turn, byte[] Packet)> picture = [];
        for (int i = 0; i < pictures; i++)
        {
            HashSet<uint> wanted = TakeRequests();
            for (int encoding = 0; encoding < Sources.Length; encoding++)
            {
                if (isSent?.Invoke(encoding) == false)
                {
                    continue;
                }

                bool key = wanted.Contains((uint)(1000 + encoding)) || Sources[encoding].Sequence == (ushort)(65_000 + (encoding * 137));
                KeyFrames += key ? 1 : 0;
                List<byte[]> packets = Sources[encoding].Next(Producer.Plan, key, layers, isMixed ? 2 + (2 * encoding) : 2);
                picture.AddRange(packets.Select((packet, turn) => (isMixed ? turn : 0, packet)));
            }

            foreach ((_, byte[] packet) in picture.OrderBy(entry => entry.Turn))
            {
                Room.Router.HandleRtp(Now, Sender.Transport, packet);
            }

            picture.Clear();

            Pass(Interval);
        }
    }

    public void Pass(double milliseconds)
    {
        Now += TimeSpan.FromMilliseconds(milliseconds);
        Room.Router.HandleTimeout(Now);
    }

    /// <summary>Hands a receiver what was sent to it since the last time.</summary>
    public static void Deliver(LayeredReceiver receiver, FakePeer peer)
    {
        foreach ((_, byte[] packet) in peer.Sink.Rtp)
        {
            receiver.Take(packet);
        }

        peer.Sink.Rtp.Clear();
    }

    /// <summary>The encodings that were asked for a keyframe since the last time.</summary>
    public HashSet<uint> TakeRequests()
    {
        HashSet<uint> wanted = [];
        foreach ((_, byte[] datagram) in Sender.Sink.Rtcp)
        {
            Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                if (packet.Kind == RtcpKind.PictureLossIndication && PictureLossIndication.TryParse(packet, out PictureLossIndication request))
                {
                    wanted.Add(request.MediaSsrc.Value);
                }
            }
        }

        Sender.Sink.Rtcp.Clear();
        return wanted;
    }
}
