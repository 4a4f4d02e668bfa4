using Crosspoint.Contracts.Rtp;
using Crosspoint.Fuzz.Engine;
using Crosspoint.Media;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Fuzz.Targets;

/// <summary>
/// The choice of layers and encodings: a sender that lies in payload and dependency descriptors, receivers whose targets change. Whatever
/// comes, a number goes out once, what is resent under it is the same, and a frame is never begun in the middle of nothing.
/// </summary>
internal static class LayerTargets
{
    private const int MaxSteps = 200;
    private const int DescriptorId = 8;

    private static readonly (PayloadFormat Codec, int Encodings)[] Tracks =
    [
        (PayloadFormat.Vp8, 1), (PayloadFormat.Vp9, 1), (PayloadFormat.Av1, 1), (PayloadFormat.H264, 3), (PayloadFormat.Vp8, 3), (PayloadFormat.Av1, 2),
    ];

    // Two spatial and two temporal layers, as a keyframe brings them: S0T0, S0T1, S1T0, S1T1, no chains.
    private static readonly byte[] Structure = [0x80, 0x00, 0x01, 0x80, 0x01, 0x8D, 0xFF, 0xDD, 0x0F, 0x03, 0x48, 0x00];

    public static IEnumerable<FuzzTarget> All => [new("layers", Run, Seeds) { MaxInputBytes = 4096, MaxAllocatedBytes = 1 << 20, MaxTime = TimeSpan.FromSeconds(1) }];

    // | track | then steps: what, operands …|
    private static int Run(ReadOnlySpan<byte> input)
    {
        ByteScript script = new(input);
        (PayloadFormat codec, int encodings) = Tracks[script.Take() % Tracks.Length];
        Call call;
        using (Exempt.Begin())
        {
            call = new Call(codec, encodings);
        }

        using (call)
        {
            for (int i = 0; i < MaxSteps && !script.IsEmpty; i++)
            {
                using (Exempt.Begin())
                {
                    call.Step(ref script);
                }
            }

            return call.Describe();
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        byte[] vp8Key = [0x90, 0xE0, 0x80, 0x10, 0x05, 0x20, 0x00, 0x00, 0x00];
        byte[] vp8Upper = [0x90, 0xE0, 0x80, 0x11, 0x05, 0x60, 0x01, 0x00, 0x00];
        byte[] vp9Key = [0xAA, 0x80, 0x10, 0x00, 0x05, 0x28, 0x02, 0x00, 0x04, 0x01, 0x34, 0x01, 0x00];
        byte[] vp9Upper = [0xEC, 0x80, 0x11, 0x22, 0x05, 0x00];
        byte[] av1Key = [0x18, 0x34, 0x00, 0x01];
        byte[] av1Upper = [0x10, 0x34, 0x28, 0x01];
        byte[] h264Key = [0x67, 0x42, 0xC0];
        byte[] later = [0xC1, 0x00, 0x02];
        yield return [0, .. Packet(0, 1, 0, vp8Key), .. Packet(0, 1, 30, vp8Upper), 1, 0, .. Packet(0, 1, 30, vp8Upper), 2, 0, 1, 0x11];
        yield return [1, .. Packet(0, 1, 0, vp9Key), .. Packet(0, 1, 30, vp9Upper), 1, 0x10, .. Packet(0, 1, 30, vp9Upper), 3, 40];
        yield return [2, .. Packet(0, 1, 0, av1Key), .. Packet(0, 1, 30, av1Upper), 1, 0, .. Packet(0, 1, 30, av1Upper)];
        yield return [2, .. Packet(0, 1, 0, av1Key, Structure), .. Packet(0, 1, 30, av1Upper, later), 1, 1, .. Packet(0, 2, 30, av1Upper, later), .. Packet(0, 255, 0, av1Upper, later)];
        yield return [3, .. Packet(0, 1, 0, h264Key), .. Packet(1, 1, 0, h264Key), 1, 0x10, .. Packet(2, 1, 30, h264Key), 3, 255, 3, 255, 3, 255, .. Packet(0, 1, 0, h264Key)];
        yield return [4, .. Packet(0, 1, 0, vp8Key), .. Packet(1, 1, 0, vp8Key), 1, 0x10, .. Packet(1, 1, 30, vp8Key), .. Packet(0, 1, 0, vp8Upper), 2, 0, 2, 1];
        yield return [5, .. Packet(0, 1, 0, av1Key, Structure), .. Packet(1, 1, 0, av1Key, Structure), 1, 0, .. Packet(0, 1, 30, av1Key, Structure), 2, 0];
    }

    private static byte[] Packet(byte encoding, byte step, byte milliseconds, byte[] payload, params byte[] descriptor) =>
        [0, encoding, step, milliseconds, (byte)descriptor.Length, .. descriptor, (byte)payload.Length, .. payload];

    private sealed class Sink(Call call) : IPacketSink
    {
        private readonly Dictionary<ushort, byte[]> _given = [];
        private ushort _highest;

        public bool IsReady => true;

        public bool IsResending { get; set; }

        public int Packets { get; private set; }

        public ushort LastNumber => _highest;

        public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
        {
            byte[] bytes = [.. header, .. prefix, .. payload];
            if (!RtpPacket.TryParse(bytes, out RtpPacket packet) || packet.HeaderLength != header.Length || prefix.Length > IPacketSink.MaxPrefixLength)
            {
                throw new InvalidOperationException("What leaves is not RTP.");
            }

            Packets++;
            ushort number = packet.SequenceNumber.Value;
            bool isKnown = _given.TryGetValue(number, out byte[]? before);
            if (isKnown && !(IsResending && bytes.AsSpan().SequenceEqual(before)))
            {
                throw new InvalidOperationException($"Number {number} was given twice: {Convert.ToHexString(before!)}, {Convert.ToHexString(bytes)}.");
            }

            _given[number] = bytes;
            _highest = _given.Count == 1 || (short)(ushort)(number - _highest) > 0 ? number : _highest;

            // Far more than can be asked for again; a script cannot go once around.
            if ((ushort)(_highest - number) > 40_000 || _given.Count > 30_000)
            {
                throw new InvalidOperationException("Numbers run wild.");
            }
        }

        public void SendRtcp(Instant now, ReadOnlySpan<byte> packet) => call.CountRtcp();
    }

    private sealed class Call : IDisposable
    {
        private readonly Router _router = new(new RouterOptions(), new SeededRandomSource(7));
        private readonly RouterTransport _sender;
        private readonly RouterTransport _receiver;
        private readonly Producer _producer;
        private readonly Consumer _consumer;
        private readonly Sink _sink;
        private readonly ushort[] _sequences = new ushort[3];
        private readonly byte[] _scratch = new byte[1500];
        private Instant _now = Instant.FromMilliseconds(1000);
        private int _rtcp;

        public Call(PayloadFormat codec, int encodings)
        {
            _sink = new Sink(this);
            _sender = _router.AddTransport(new Sink(this));
            _receiver = _router.AddTransport(_sink);
            HeaderExtensionIds extensions = new([(HeaderExtensionKind.DependencyDescriptor, DescriptorId)]);
            FeedbackFlags feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication;
            _producer = _router.Produce(_now, _sender, new ProducerPlan
            {
                Kind = MediaKind.Video,
                Codec = codec,
                ClockRate = 90_000,
                PayloadType = new(96),
                Feedback = feedback,
                Extensions = extensions,
                Encodings = [.. Enumerable.Range(0, encodings).Select(i => new EncodingPlan(new((uint)(10 + i)), Ssrc.None, default))],
                CanonicalName = "x"u8.ToArray(),
            }, paused: false);
            _consumer = _router.Consume(_now, _receiver, _producer, new ConsumerPlan
            {
                Kind = MediaKind.Video,
                Codec = codec,
                ClockRate = 90_000,
                PayloadType = new(97),
                Ssrc = new(99),
                Feedback = feedback,
                Extensions = extensions,
                CanonicalName = "x"u8.ToArray(),
            }, paused: false);
        }

        public void CountRtcp() => _rtcp++;

        public void Step(ref ByteScript script)
        {
            switch (script.Take() & 3)
            {
                case 0:
                    Packet(ref script);
                    break;
                case 1:
                    byte target = script.Take();
                    _consumer.SetTarget(_now, target == 0xFF ? null : new LayerId((byte)(target >> 4 & 7), (byte)(target & 7)));
                    break;
                case 2:
                    Nack(script.Take());
                    break;
                default:
                    Pass(script.Take());
                    break;
            }

            while (_router.TryDequeue(out _))
            {
                // Only taken.
            }
        }

        public int Describe()
        {
            Signature signature = new();
            for (var reason = (MediaDropReason)0; Enum.IsDefined(reason); reason++)
            {
                signature.Add(_consumer.GetStatistics().Drops[reason] > 0);
                signature.Add(_sender.GetStatistics().Drops[reason] > 0);
            }

            signature.Add(_consumer.State);
            signature.Add(_consumer.Current?.Spatial ?? 9);
            signature.Add(_consumer.Current?.Temporal ?? 9);
            signature.AddMagnitude(_sink.Packets);
            signature.Add(_rtcp > 0);
            return signature.Value;
        }

        public void Dispose() => _router.Dispose();

        // | encoding and marker | step of the number | milliseconds since the last | descriptor | payload |
        private void Packet(ref ByteScript script)
        {
            byte head = script.Take();
            int encoding = (head & 3) % _producer.Plan.Encodings.Count;
            _sequences[encoding] = (ushort)(_sequences[encoding] + (sbyte)script.Take());
            Pass(script.Take());
            ReadOnlySpan<byte> descriptor = script.TakeBlock();
            ReadOnlySpan<byte> payload = script.TakeBlock();
            uint timestamp = (uint)(_now.TotalMilliseconds * 90) + (uint)(encoding * 1000);
            RtpHeaderWriter writer = new(_scratch, new RtpHeaderFields(new PayloadType(96), (head & 0x80) == 0, new(_sequences[encoding]), new(timestamp), new((uint)(10 + encoding))));
            if (!descriptor.IsEmpty)
            {
                writer.TryAdd(DescriptorId, descriptor);
            }

            int length = writer.Complete();
            payload.CopyTo(_scratch.AsSpan(length));
            _router.HandleRtp(_now, _sender, _scratch.AsSpan(0, length + payload.Length));
        }

        private void Nack(byte back)
        {
            byte[] bytes = new byte[64];
            RtcpWriter writer = new(bytes);
            SequenceNumber sequence = new((ushort)(_sink.LastNumber - back));
            GenericNack.TryWrite(ref writer, new(1), new(99), [sequence]);
            _sink.IsResending = true;
            _router.HandleRtcp(_now, _receiver, writer.Written);
            _sink.IsResending = false;
        }

        private void Pass(byte milliseconds)
        {
            _now += TimeSpan.FromMilliseconds(milliseconds);
            _router.HandleTimeout(_now);
        }
    }
}
