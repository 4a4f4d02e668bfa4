using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Micro.Support;

/// <summary>A router with one VP8 publisher and its subscribers; each packet is the next one of the stream, a millisecond later.</summary>
/// <remarks>Owned by one thread.</remarks>
public sealed class MicroRoom : IDisposable
{
    private static readonly Ssrc Media = new(0x1000);
    private static readonly Ssrc Repair = new(0x1001);
    private static readonly PayloadType Vp8 = new(96);
    private static readonly PayloadType Rtx = new(97);

    // Made by me.
    // The rate of one packet a millisecond from the first on: what is measured is the way of a packet that need not wait.
    private readonly Router _router = new(
        new RouterOptions { Bandwidth = new BandwidthEstimatorOptions { Start = Bitrate.FromKilobits(40_000) } }, new SeededRandomSource(1));
    private readonly RouterTransport _publisher;

    // Pinned, as received packets are: a batch encrypts from where they lie.
    private readonly byte[] _packet;

    private readonly bool _isLayered;
    private readonly AnsweringPeers? _peers;

    // State.
    private int _number;

    /// <summary>A room where each subscriber's packets go to the sink <paramref name="sinkOf"/> makes for it.</summary>
    /// <param name="subscribers">How many.</param>
    /// <param name="sinkOf">Where a subscriber's packets go.</param>
    /// <param name="temporalTarget">The highest of three temporal layers that each is sent; null for a stream without layers.</param>
    /// <param name="isAdaptive">Whether each answers with transport-wide feedback, and gets numbers, pacing and allocation.</param>
    /// <param name="isSealed">Whether frames are encrypted, and looked at. Each packet begins a frame, so each is looked at.</param>
    public MicroRoom(int subscribers, Func<int, IPacketSink> sinkOf, byte? temporalTarget = null, bool isAdaptive = false, bool isSealed = false)
    {
        ArgumentNullException.ThrowIfNull(sinkOf);
        _isLayered = temporalTarget is not null;
        _peers = isAdaptive ? new AnsweringPeers(_router) : null;
        _publisher = _router.AddTransport(new NoOpSink());
        Producer producer = _router.Produce(Instant.Zero, _publisher, ProducerPlan(), paused: false);
        if (isSealed)
        {
            _router.SetFrameEpochs(new FrameEpochs(MicroPackets.SealedEpoch, null));
            producer.SetFrameLeaf(MicroPackets.SealedLeaf, SFrameKind.Camera);
        }

        for (int i = 0; i < subscribers; i++)
        {
            RouterTransport transport = _router.AddTransport(sinkOf(i));
            Consumer consumer = _router.Consume(Instant.Zero, transport, producer, ConsumerPlan(i, transport.NextMid(), isAdaptive), paused: false);
            consumer.SetTarget(Instant.Zero, temporalTarget is { } temporal ? new LayerId(0, temporal) : LayerId.Highest);
            _peers?.Add(transport);
        }

        byte[] key = _isLayered ? MicroPackets.LayeredKeyFrame : isSealed ? MicroPackets.SealedKeyFrame : MicroPackets.KeyFrame;
        byte[] delta = _isLayered ? MicroPackets.LayeredKeyFrame : isSealed ? MicroPackets.SealedDeltaFrame : MicroPackets.DeltaFrame;
        _router.HandleRtp(Instant.Zero, _publisher, MicroPackets.Rtp(Media, Vp8, key, MicroPackets.VideoPayloadBytes));
        byte[] packet = MicroPackets.Rtp(Media, Vp8, delta, MicroPackets.VideoPayloadBytes);
        _packet = GC.AllocateArray<byte>(packet.Length, pinned: true);
        packet.CopyTo(_packet, 0);
    }

    /// <summary>Forwards the next packet to everybody and does what time demands.</summary>
    public void Forward() => Forward(++_number);

    /// <summary>Forwards two packets in the wrong order: a gap, a NACK that is taken back, and a late packet.</summary>
    public void ForwardSwapped()
    {
        _number += 2;
        Forward(_number);
        Forward(_number - 1);
    }

    /// <inheritdoc/>
    public void Dispose() => _router.Dispose();

    private void Forward(int number)
    {
        Instant now = Instant.FromMilliseconds(_number);
        MicroPackets.Number(_packet, number);
        if (_isLayered)
        {
            MicroPackets.Picture(_packet.AsSpan(^MicroPackets.VideoPayloadBytes..), number);
        }

        _router.HandleRtp(now, _publisher, _packet, PayloadTraits.Stays);
        _peers?.Note(now);
        if (_router.NextTimeout <= now)
        {
            _router.HandleTimeout(now);
        }

        while (_router.TryDequeue(out _))
        {
            // What a room would be told.
        }
    }

    private static ProducerPlan ProducerPlan() => new()
    {
        Kind = MediaKind.Video,
        Codec = PayloadFormat.Vp8,
        ClockRate = 90_000,
        PayloadType = Vp8,
        RtxPayloadType = Rtx,
        Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication,
        Extensions = MicroPackets.Extensions,
        Encodings = [new EncodingPlan(Media, Repair, default)],
        CanonicalName = "publisher"u8.ToArray(),
    };

    private static ConsumerPlan ConsumerPlan(int index, string mid, bool isAdaptive) => new()
    {
        Kind = MediaKind.Video,
        Codec = PayloadFormat.Vp8,
        ClockRate = 90_000,
        PayloadType = Vp8,
        RtxPayloadType = Rtx,
        Ssrc = new Ssrc(0x2000 + (2 * (uint)index)),
        RtxSsrc = new Ssrc(0x2001 + (2 * (uint)index)),
        Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication | (isAdaptive ? FeedbackFlags.TransportWide : FeedbackFlags.None),
        Extensions = isAdaptive ? MicroPackets.AdaptiveExtensions : MicroPackets.Extensions,
        Mid = System.Text.Encoding.ASCII.GetBytes(mid),
        CanonicalName = "publisher"u8.ToArray(),
    };
}
