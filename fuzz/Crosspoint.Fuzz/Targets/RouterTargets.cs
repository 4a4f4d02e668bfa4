using System.Buffers.Binary;
using System.Text.Json;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Fuzz.Engine;
using Crosspoint.Media;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Fuzz.Targets;

/// <summary>A router with one sender and two receivers, all of them authenticated and all of them hostile.</summary>
internal static class RouterTargets
{
    private const int MaxSteps = 120;

    // One packet of the sender may leave as one per consumer; a NACK may bring back the resend budget of a window. Nothing more.
    private const int MaxPacketsPerStep = 600;

    // Blocks of the pool and event queues grow now and then; a packet must not make them grow by more.
    private const long MaxAllocatedPerStep = 256 << 10;

    private const uint VideoSsrc = 2222;
    private const uint RtxSsrc = 2223;

    private static readonly RtpNegotiator Negotiator = new(CodecPolicy.Default);

    private static readonly ProducerNegotiation[] Producers =
    [
        Map(MediaKind.Video, """
            {"mid":"1","codecs":[{"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"rtcpFeedback":[{"type":"nack"},{"type":"nack","parameter":"pli"},{"type":"ccm","parameter":"fir"}]},{"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96}}],"headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4},{"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2},{"uri":"urn:3gpp:video-orientation","id":13}],"encodings":[{"ssrc":2222,"rtx":{"ssrc":2223}}],"rtcp":{"cname":"abc"}}
            """),
        Map(MediaKind.Audio, """
            {"mid":"0","codecs":[{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,"rtcpFeedback":[{"type":"nack"}]},{"mimeType":"audio/red","payloadType":63,"clockRate":48000,"channels":2,"parameters":{"":"111/111"}}],"headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4},{"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1}],"encodings":[{}],"rtcp":{}}
            """),
        Map(MediaKind.Video, """
            {"mid":"2","codecs":[{"mimeType":"video/VP8","payloadType":98,"clockRate":90000,"rtcpFeedback":[{"type":"nack"},{"type":"nack","parameter":"pli"}]},{"mimeType":"video/rtx","payloadType":99,"clockRate":90000,"parameters":{"apt":98}}],"headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4},{"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10},{"uri":"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id","id":11}],"encodings":[{"rid":"r0"},{"rid":"r1"}],"rtcp":{"cname":"abc"}}
            """),
    ];

    private static readonly ConsumerNegotiation[][] Consumers = [MapConsumers(1), MapConsumers(2)];

    private static readonly byte[][] RtcpPackets = [.. RtcpTargets.Seeds()];

    public static IEnumerable<FuzzTarget> All => [new("router", Run, Seeds) { MaxInputBytes = 4096, MaxTime = TimeSpan.FromSeconds(1), Words = [.. Words()] }];

    // | what | operands … |, see Step.
    private static int Run(ReadOnlySpan<byte> input)
    {
        using (Exempt.Begin())
        {
            using var room = new Room();
            var script = new ByteScript(input);
            for (int i = 0; i < MaxSteps && !script.IsEmpty; i++)
            {
                int sent = room.Sent;
                byte what = script.Take();
                long before = GC.GetAllocatedBytesForCurrentThread();
                room.Step(what, ref script);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (allocated > MaxAllocatedPerStep || room.Sent - sent > MaxPacketsPerStep)
                {
                    throw new InvalidOperationException($"Step {what & 15} allocated {allocated} bytes and sent {room.Sent - sent} packets.");
                }
            }

            return room.Describe();
        }
    }

    private static ProducerNegotiation Map(MediaKind kind, string json) =>
        Negotiator.MapProducer(kind, JsonSerializer.Deserialize(json, RtpJson.Default.RtpParameters)!, "cname");

    private static ConsumerNegotiation[] MapConsumers(int seed)
    {
        var random = new SeededRandomSource(seed);
        RtpCapabilities all = Negotiator.Capabilities;
        RtpCapabilities mine = seed == 1 ? all : all with { Codecs = [.. all.Codecs.Where(codec => codec.MimeType != "audio/red")] };
        return [.. Producers.Select((producer, i) => RtpNegotiator.MapConsumer(producer, mine, $"{i}", random))];
    }

    private static IEnumerable<byte[]> Words()
    {
        foreach (uint ssrc in new[] { VideoSsrc, RtxSsrc }.Concat(Consumers.SelectMany(c => c).SelectMany(c => new[] { c.Plan.Ssrc.Value, c.Plan.RtxSsrc.Value })))
        {
            byte[] word = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(word, ssrc);
            yield return word;
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        byte[] key = Media(0, 1, [0x90, 0x80, 0x11, 0x10, 0x02, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0]);
        byte[] delta = Media(0, 2, [0x90, 0x80, 0x12, 0x11, 0x02]);
        byte[] audio = Media(1, 7, [0xFC, 1, 2, 3]);
        byte[] layer = Media(2, 3, [0x10, 0x00, 1, 2, 3]);
        yield return [0, (byte)key.Length, .. key, 0, (byte)delta.Length, .. delta, 2, 3, 0, 1, 2, 3, 0, 0, 1, 3, 30];
        byte[] red = Media(1, 8, [0xEF, 0x0F, 0, 2, 0x6F, 0xA1, 0xA2, 0xFC, 1]);
        red[1] = 0x80 | 63;
        yield return [0, (byte)red.Length, .. red, 0, (byte)audio.Length, .. audio, 3, 20];
        yield return [0, (byte)audio.Length, .. audio, 3, 200, 0, (byte)layer.Length, .. layer, 3, 250, 11, 3, 255];

        // An encrypted room: frames, another epoch, the sender removed and let in again, a receiver too, what was sent asked for.
        yield return [0x70, 7, 0, 0x71, 0, 5, 1, 0x75, 0x09, 5, 7, 0x75, 0x0A, 5, 7, 0x70, 8, 7, 0x75, 0x08, 5, 8, 2, 0, 1, 4, 0x72, 0x75, 0x09, 5, 8, 2, 0, 1, 4, 3, 40, 0x72, 0x73, 0x75, 0x09, 5, 8, 0x73, 0x74, 3, 40];
        yield return [4, 0, 0, 0x10, 0, 0x70, 7, 0, 4, 0, 1, 0x10, 1, 4, 0, 1, 0x10, 0, 0xF3, 0x71, 0, 5, 1, 0x75, 0x09, 5, 7, 3, 100];

        // Forwarded, lost by a receiver, asked for, resent; and a gap that we ask the sender for.
        yield return [4, 0, 0, 0x10, 0, 4, 0, 1, 0x10, 1, 4, 0, 1, 0x10, 1, 2, 0, 0, 2, 0x82, 1, 0, 1, 4, 0, 9, 0x10, 1, 3, 20, 3, 40, 6, 8, 4, 0, 1, 0x10, 0];
        yield return [4, 0, 0, 0x10, 0, 5, 0, 5, 1, 7, 0, 8, 0, 5, 0, 5, 1, 7, 1, 9, 0, 4, 0, 1, 0x10, 0, 10, 3, 100, 12, 0, 12, 1];
        foreach (byte[] rtcp in RtcpPackets.Where(r => r.Length < 250))
        {
            yield return [4, 0, 0, 0x10, 0, 1, (byte)rtcp.Length, .. rtcp, 0x81, (byte)rtcp.Length, .. rtcp, 3, 50];
        }
    }

    private static byte[] Media(int producer, int sequence, byte[] payload)
    {
        byte[] bytes = new byte[200];
        Media.Plans.ProducerPlan plan = Producers[producer].Plan;
        var writer = new RtpHeaderWriter(bytes, new RtpHeaderFields(plan.PayloadType, true, new((ushort)sequence), new(1000), new Ssrc(producer == 0 ? VideoSsrc : 3000u + (uint)producer)));
        writer.TryAdd(4, [(byte)"102"[producer]]);
        if (producer == 2)
        {
            writer.TryAdd(10, "r1"u8);
        }

        int end = writer.Complete();
        payload.CopyTo(bytes, end);
        return bytes[..(end + payload.Length)];
    }

    /// <summary>What a receiver is sent must be its own: numbers, types, and RTP that parses.</summary>
    private sealed class Sink(Room room, int index) : IPacketSink
    {
        public bool IsReady { get; set; } = true;

        public ushort LastSequence { get; private set; }

        public int Rtp { get; private set; }

        public int Rtcp { get; private set; }

        public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
        {
            Rtp++;
            Span<byte> packet = room.Scratch.AsSpan(0, header.Length + prefix.Length + payload.Length);
            header.CopyTo(packet);
            prefix.CopyTo(packet[header.Length..]);
            payload.CopyTo(packet[(header.Length + prefix.Length)..]);
            if (index < 0 || !IsReady || !RtpPacket.TryParse(packet, out RtpPacket parsed) || parsed.HeaderLength != header.Length || !room.IsOurs(index, parsed))
            {
                throw new InvalidOperationException("A packet that no consumer should be sent.");
            }

            if (room.IsStopped(index) || (room.IsStopped(Room.Sender) && !parsed.Payload.IsEmpty))
            {
                throw new InvalidOperationException("A packet from, or to, a member that was removed.");
            }

            LastSequence = parsed.SequenceNumber.Value;
        }

        public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
        {
            Rtcp++;
            if (!RtcpReader.TryOpen(packet, out RtcpReader reader))
            {
                throw new InvalidOperationException("Our own RTCP does not parse.");
            }

            int bytes = 0;
            while (reader.TryRead(out RtcpPacket one))
            {
                bytes += one.Body.Length;
            }

            if (reader.UnknownCount > 0 || bytes == 0)
            {
                throw new InvalidOperationException("Our own RTCP is of no known kind.");
            }
        }
    }

    private sealed class Room : IDisposable
    {
        public const int Sender = -1;

        private const int MostTimersPerSecond = 400;

        private readonly Router _router = new(new RouterOptions(), new SeededRandomSource(7));
        private readonly Sink[] _sinks;
        private readonly RouterTransport?[] _transports;
        private readonly Producer?[] _producers = new Producer?[3];
        private readonly Consumer?[,] _consumers = new Consumer?[2, 3];
        private readonly bool[] _stopped = new bool[3];
        private Instant _now = Instant.FromMilliseconds(1000);
        private int _sequence = 100;

        public Room()
        {
            _sinks = [new Sink(this, -1), new Sink(this, 0), new Sink(this, 1)];
            _transports = [.. _sinks.Select(_router.AddTransport)];
            for (int track = 0; track < _producers.Length; track++)
            {
                _producers[track] = _router.Produce(_now, _transports[0]!, Producers[track].Plan, paused: false);
                Consume(0, track);
                Consume(1, track);
            }
        }

        public byte[] Scratch { get; } = new byte[4096];

        public int Sent => _sinks.Sum(s => s.Rtp + s.Rtcp);

        public bool IsOurs(int receiver, in RtpPacket packet)
        {
            for (int track = 0; track < _producers.Length; track++)
            {
                if (_consumers[receiver, track] is { State: not ConsumerState.Closed } consumer
                    && ((packet.Ssrc == consumer.Plan.Ssrc && (packet.PayloadType == consumer.Plan.PayloadType || packet.PayloadType == consumer.Plan.RedPayloadType))
                        || (packet.Ssrc == consumer.Plan.RtxSsrc && packet.PayloadType == consumer.Plan.RtxPayloadType)))
                {
                    return true;
                }
            }

            return false;
        }

        public bool IsStopped(int index) => _stopped[1 + index];

        // Bit 7: which receiver, where it matters. Bits 4 to 6, all set: an order for an encrypted room.
        public void Step(byte what, ref ByteScript script)
        {
            int receiver = what >> 7;
            switch ((what & 0x70) == 0x70 ? 16 + (what & 15) : what & 15)
            {
                case 16:
                    byte current = script.Take();
                    byte previous = script.Take();
                    _router.SetFrameEpochs(new FrameEpochs(current, previous == 0 ? null : previous));
                    break;
                case 17 when _producers[script.Take() % 3] is { IsClosed: false } sealing:
                    sealing.SetFrameLeaf(script.Take(), (SFrameKind)(script.Take() & 3));
                    break;
                case 18:
                    _stopped[0] = !_stopped[0];
                    _router.SetForwarding(_now, _transports[0]!, sends: !_stopped[0], receives: true);
                    break;
                case 19 when _transports[1 + receiver] is { } stopping:
                    _stopped[1 + receiver] = !_stopped[1 + receiver];
                    _router.SetForwarding(_now, stopping, sends: true, receives: !_stopped[1 + receiver]);
                    break;
                case 20:
                    _router.RequestKeyFrames(_now);
                    break;
                case 21:
                    Seal(ref script);
                    break;
                case 0:
                    Rtp(script.TakeBlock());
                    break;
                case 1:
                    Rtcp(receiver == 0 ? 0 : 1, script.TakeBlock());
                    break;
                case 2:
                    Nack(receiver, ref script);
                    break;
                case 3:
                    Pass(TimeSpan.FromMilliseconds(script.Take()));
                    break;
                case 4:
                    Forward(ref script);
                    break;
                case 5 or 6 when _producers[script.Take() % 3] is { IsClosed: false } producer:
                    Toggle(producer);
                    break;
                case 7 when _consumers[receiver, script.Take() % 3] is { State: not ConsumerState.Closed } consumer:
                    Toggle(consumer);
                    break;
                case 8 when _consumers[receiver, script.Take() % 3] is { State: not ConsumerState.Closed } wanting:
                    _router.RequestKeyFrame(_now, wanting);
                    break;
                case 9 when _consumers[receiver, script.Take() % 3] is { } closing:
                    _router.Close(_now, closing);
                    break;
                case 10:
                    Consume(receiver, script.Take() % 3);
                    break;
                case 11:
                    _sinks[1 + receiver].IsReady = !_sinks[1 + receiver].IsReady;
                    break;
                case 12 when _producers[script.Take() % 3] is { } ending:
                    _router.Close(_now, ending);
                    break;
                case 13 when receiver == 1 && _transports[2] is { } leaving:
                    _router.RemoveTransport(_now, leaving);
                    _transports[2] = null;
                    break;
                case 14:
                    Pass(TimeSpan.FromSeconds(script.Take()));
                    break;
                default:
                    Rtcp(1 + receiver, script.TakeBlock());
                    break;
            }

            while (_router.TryDequeue(out _))
            {
                // Only taken.
            }
        }

        public int Describe()
        {
            var signature = new Signature();
            foreach (RouterTransport? transport in _transports)
            {
                for (var reason = (MediaDropReason)0; transport is not null && Enum.IsDefined(reason); reason++)
                {
                    signature.Add(transport.GetStatistics().Drops[reason] > 0);
                }
            }

            foreach (Consumer? consumer in _consumers)
            {
                signature.Add(consumer?.State ?? ConsumerState.Closed);
                signature.Add(consumer is not null && consumer.GetStatistics().Packets > 0);
            }

            signature.Add(_sinks[0].Rtcp > 0);
            signature.AddMagnitude(_router.GetStatistics().StoredPackets);
            return signature.Value;
        }

        public void Dispose() => _router.Dispose();

        private void Rtp(ReadOnlySpan<byte> packet) => _router.HandleRtp(_now, _transports[0]!, packet);

        private void Rtcp(int from, ReadOnlySpan<byte> packet)
        {
            if (_transports[from] is { } transport)
            {
                _router.HandleRtcp(_now, transport, packet);
            }
        }

        // A well-formed video packet: the next number and a jump, and the first bytes of the payload.
        private void Forward(ref ByteScript script)
        {
            byte padding = script.Take();
            _sequence += script.Take();
            ReadOnlySpan<byte> payload = [script.Take(), script.Take(), 1, 2, 3, 4];
            var writer = new RtpHeaderWriter(Scratch, new RtpHeaderFields(new PayloadType(96), true, new((ushort)_sequence), new((uint)_now.Ticks), new Ssrc(VideoSsrc)), padding: padding > 0);
            int end = writer.Complete();
            payload.CopyTo(Scratch.AsSpan(end));
            end += payload.Length;
            if (padding > 0)
            {
                Scratch.AsSpan(end, padding).Clear();
                end += padding;
                Scratch[end - 1] = padding;
            }

            Rtp([.. Scratch.AsSpan(0, end)]);
        }

        // A video frame in so many packets: key or not, and what its key id says.
        private void Seal(ref ByteScript script)
        {
            byte shape = script.Take();
            bool isKey = (shape & 1) != 0;
            int packets = 1 + ((shape >> 1) & 3);
            SFrameHeader header = new(new SFrameKeyId(0, (SFrameKind)((shape >> 3) & 3), script.Take(), script.Take()).Value, (ulong)_sequence);
            for (int i = 0; i < packets; i++)
            {
                byte[] front = i > 0 ? [0x00] : isKey ? [0x10, .. new byte[10]] : [0x10, 0x01];
                var writer = new RtpHeaderWriter(Scratch, new RtpHeaderFields(new PayloadType(96), i == packets - 1, new((ushort)++_sequence), new((uint)_now.Ticks), new Ssrc(VideoSsrc)));
                int end = writer.Complete();
                front.CopyTo(Scratch, end);
                end += front.Length;
                end += i > 0 ? 0 : header.Write(Scratch.AsSpan(end));
                Scratch.AsSpan(end, 20).Fill(0x5A);
                Rtp([.. Scratch.AsSpan(0, end + 20)]);
            }
        }

        // A NACK about what the receiver was sent: so many numbers back, so many of them.
        private void Nack(int receiver, ref ByteScript script)
        {
            int track = script.Take() % 3;
            int back = script.Take();
            if (_consumers[receiver, track] is not { } consumer)
            {
                return;
            }

            var numbers = new SequenceNumber[1 + script.Take()];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = new((ushort)(_sinks[1 + receiver].LastSequence - back + i));
            }

            var writer = new RtcpWriter(new byte[1200]);
            GenericNack.TryWrite(ref writer, new Ssrc(1), consumer.Plan.Ssrc, numbers);
            Rtcp(1 + receiver, writer.Written);
        }

        private void Pass(TimeSpan time)
        {
            Instant end = _now + time;

            // Feedback, pacing, probes and reports of three transports stay below this; a timer that is due again at once does not.
            int most = 1000 + (int)(time.TotalSeconds * MostTimersPerSecond);
            for (int i = 0; _router.NextTimeout <= end; i++)
            {
                if (i >= most)
                {
                    throw new InvalidOperationException($"More than {most} timers in {time.TotalSeconds} s.");
                }

                _now = Instant.Max(_now, _router.NextTimeout);
                _router.HandleTimeout(_now);
            }

            _now = end;
        }

        private void Toggle(Producer producer)
        {
            if (producer.IsPaused)
            {
                _router.Resume(_now, producer);
            }
            else
            {
                _router.Pause(_now, producer);
            }
        }

        private void Toggle(Consumer consumer)
        {
            if (consumer.State == ConsumerState.Paused)
            {
                _router.Resume(_now, consumer);
            }
            else
            {
                _router.Pause(_now, consumer);
            }
        }

        private void Consume(int receiver, int track)
        {
            bool free = _consumers[receiver, track] is null or { State: ConsumerState.Closed };
            if (free && _transports[1 + receiver] is { } transport && _producers[track] is { IsClosed: false } producer)
            {
                _consumers[receiver, track] = _router.Consume(_now, transport, producer, Consumers[receiver][track].Plan, paused: false);
            }
        }
    }
}
