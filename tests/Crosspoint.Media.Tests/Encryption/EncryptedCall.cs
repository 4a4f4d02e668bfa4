using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Media.Tests.Encryption;

/// <summary>A track in an encrypted room, sent frame by frame, and somebody who is sent it.</summary>
internal sealed class EncryptedCall
{
    public const int Leaf = 5;
    public const byte Epoch = 41;
    public static readonly byte[] BaseKey = new byte[16];

    private static readonly Ssrc Media = new(1000);
    private static readonly Ssrc Repair = new(1001);

    private readonly Dictionary<ulong, SFrameKey> _keys = [];
    private ulong _counter;

    public EncryptedCall(PayloadFormat codec, RouterOptions? options = null, bool isReady = true)
    {
        Codec = codec;
        Room = new Room(options);
        Kind = codec == PayloadFormat.Opus ? SFrameKind.Audio : SFrameKind.Camera;
        if (isReady)
        {
            Room.Router.SetFrameEpochs(new FrameEpochs(Epoch, null));
        }

        Sender = Room.AddPeer();
        Producer = Room.Router.Produce(Now, Sender.Transport, Plan(), paused: false);
        (Consumer, Receiver) = Subscribe();
        if (isReady)
        {
            Producer.SetFrameLeaf(Leaf, Kind);
        }
    }

    public PayloadFormat Codec { get; }

    public SFrameKind Kind { get; }

    public Room Room { get; }

    public FakePeer Sender { get; }

    public Producer Producer { get; }

    public Consumer Consumer { get; }

    public FakePeer Receiver { get; }

    public Instant Now { get; set; } = Instant.FromMilliseconds(10_000);

    public ushort Sequence { get; set; } = 100;

    public uint Timestamp { get; set; } = 90_000;

    public byte SendEpoch { get; set; } = Epoch;

    public int SendLeaf { get; set; } = Leaf;

    public SFrameKind? SendKind { get; set; }

    /// <summary>Packets that were sent to the consumer, and not taken by <see cref="Take"/> yet.</summary>
    public int Forwarded => Receiver.Sink.Rtp.Count;

    public (Consumer Consumer, FakePeer Peer) Subscribe(FakePeer? peer = null)
    {
        peer ??= Room.AddPeer();
        uint ssrc = 9000 + (uint)(10 * Room.Router.GetStatistics().Consumers);
        bool isVideo = Codec != PayloadFormat.Opus;
        ConsumerPlan plan = new()
        {
            Kind = isVideo ? MediaKind.Video : MediaKind.Audio,
            Codec = Codec,
            ClockRate = isVideo ? 90_000 : 48_000,
            PayloadType = new(100),
            RtxPayloadType = isVideo ? new PayloadType(101) : null,
            Ssrc = new(ssrc),
            RtxSsrc = isVideo ? new Ssrc(ssrc + 1) : Ssrc.None,
            Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication,
            Extensions = HeaderExtensionIds.None,
            CanonicalName = "sealed"u8.ToArray(),
        };
        return (Room.Router.Consume(Now, peer.Transport, Producer, plan, paused: false), peer);
    }

    /// <summary>The packets of one frame, encrypted.</summary>
    public List<byte[]> Sealed(bool key = false, int packets = 1, int bytes = 200)
    {
        ulong id = new SFrameKeyId(3, SendKind ?? Kind, SendLeaf, SendEpoch).Value;
        SFrameKey sending = _keys.TryGetValue(id, out SFrameKey? known) ? known : _keys[id] = SFrameKey.ForSending(SFrameSuite.Aes128GcmSha256Tag128, id, BaseKey);
        byte[] clear = Codec != PayloadFormat.Vp8 ? [] : key ? [0x10, 2, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0] : [0x31];
        byte[] frame = new byte[bytes + sending.MaxOverhead];
        int length = sending.Encrypt(_counter++, clear, new byte[bytes], frame);
        return Packetize([.. clear, .. frame.AsSpan(0, length)], key, packets);
    }

    /// <summary>The packets of one frame as the encoder made it.</summary>
    public List<byte[]> Plain(bool key = false, int packets = 1, int bytes = 200) => Packetize(Codec switch
    {
        PayloadFormat.Opus => [0x78, .. Enumerable.Repeat((byte)0x5A, bytes)],
        PayloadFormat.Vp8 => [(byte)(key ? 0x10 : 0x31), 2, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0, .. Enumerable.Repeat((byte)0x5A, bytes)],
        _ => [(byte)(key ? 0x82 : 0x86), 0x49, 0x83, 0x42, .. Enumerable.Repeat((byte)0x5A, bytes)],
    }, key, packets);

    /// <summary>Cuts a frame into packets, each with its payload descriptor.</summary>
    public List<byte[]> Packetize(byte[] frame, bool key, int packets)
    {
        List<byte[]> made = [];
        int size = (frame.Length + packets - 1) / packets;
        for (int i = 0; i < packets; i++)
        {
            bool last = i == packets - 1;
            byte[] descriptor = Codec switch
            {
                PayloadFormat.Vp8 => [(byte)(i == 0 ? 0x10 : 0x00)],
                PayloadFormat.Vp9 => [(byte)((key ? 0 : 0x40) | (i == 0 ? 0x08 : 0) | (last ? 0x04 : 0))],
                _ => [],
            };
            made.Add(Packet(Media, new(96), Sequence++, [.. descriptor, .. frame.AsSpan(i * size, Math.Min(size, frame.Length - (i * size)))], last));
        }

        Timestamp += Codec == PayloadFormat.Opus ? 960u : 3000u;
        Now += TimeSpan.FromMilliseconds(Codec == PayloadFormat.Opus ? 20 : 33);
        return made;
    }

    /// <summary>The same packet by RTX.</summary>
    public static byte[] AsRepair(byte[] packet, ushort sequence)
    {
        RtpPacket original = Packets.Parse(packet);
        ushort number = original.SequenceNumber.Value;
        return Packet(Repair, new(97), sequence, [(byte)(number >> 8), (byte)number, .. original.Payload], original.Marker, original.Timestamp.Value);
    }

    public void Send(IEnumerable<byte[]> packets)
    {
        foreach (byte[] packet in packets)
        {
            Room.Router.HandleRtp(Now, Sender.Transport, packet);
        }
    }

    /// <summary>How many packets the consumer was sent since the last time.</summary>
    public int Take()
    {
        int count = Forwarded;
        Receiver.Sink.Rtp.Clear();
        return count;
    }

    public long Dropped(MediaDropReason reason) => Sender.Transport.GetStatistics().Drops[reason];

    public long Refused(FrameRefusal refusal) => Sender.Transport.GetFrameRefusals()[Codec switch { PayloadFormat.Opus => 0, PayloadFormat.Vp8 => 1, PayloadFormat.Vp9 => 2, _ => 3 }, refusal];

    /// <summary>Keyframes that the sender was asked for since the last time.</summary>
    public int TakeKeyFrameRequests()
    {
        int count = Packets.Kinds(Sender.Sink.Rtcp).Count(kind => kind == Rtc.Rtcp.RtcpKind.PictureLossIndication);
        Sender.Sink.Rtcp.Clear();
        return count;
    }

    private byte[] Packet(Ssrc ssrc, PayloadType type, ushort sequence, byte[] payload, bool marker) => Packet(ssrc, type, sequence, payload, marker, Timestamp);

    private static byte[] Packet(Ssrc ssrc, PayloadType type, ushort sequence, byte[] payload, bool marker, uint timestamp)
    {
        byte[] bytes = new byte[1500];
        RtpHeaderWriter writer = new(bytes, new RtpHeaderFields(type, marker, new(sequence), new(timestamp), ssrc));
        int length = writer.Complete();
        payload.CopyTo(bytes, length);
        return bytes[..(length + payload.Length)];
    }

    private ProducerPlan Plan() => new()
    {
        Kind = Codec == PayloadFormat.Opus ? MediaKind.Audio : MediaKind.Video,
        Codec = Codec,
        ClockRate = Codec == PayloadFormat.Opus ? 48_000 : 90_000,
        PayloadType = new(96),
        RtxPayloadType = Codec == PayloadFormat.Opus ? null : new PayloadType(97),
        RedPayloadType = Codec == PayloadFormat.Opus ? new PayloadType(98) : null,
        Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication,
        Extensions = HeaderExtensionIds.None,
        Encodings = [new EncodingPlan(Media, Codec == PayloadFormat.Opus ? Ssrc.None : Repair, default)],
        CanonicalName = "sealed"u8.ToArray(),
    };
}
