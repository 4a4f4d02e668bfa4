using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Repair;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;
using Xunit.Abstractions;

namespace Crosspoint.Media.Tests.Repair;

/// <summary>
/// What repair packets are worth beside NACK and RTX: one video of 1.6 Mbit/s, a minute of virtual time, random loss on the way out.
/// The figures are those of docs/rtcp.md.
/// </summary>
public class RepairMeasurementTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.05, 50)]
    [InlineData(0.05, 100)]
    [InlineData(0.10, 100)]
    [InlineData(0.05, 200)]
    [InlineData(0.02, 300)]
    [InlineData(0.05, 300)]
    [InlineData(0.10, 300)]
    public void On_a_long_way_fewer_packets_wait_for_a_round_trip(double loss, int roundTrip)
    {
        using RepairRun plain = new(false, loss, roundTrip);
        using RepairRun repaired = new(true, loss, roundTrip);
        Outcome without = plain.Run();
        Outcome with = repaired.Run();
        output.WriteLine($"loss {loss:P0}, RTT {roundTrip} ms: NACK alone {without}; with FEC {with}");

        // Everything comes in time to be of use, one way or the other, and repair costs no more than its bounds.
        Assert.InRange(without.Missing, 0, 0.0005);
        Assert.InRange(with.Missing, 0, 0.0005);
        Assert.InRange(with.Overhead, 0, 0.25 + (loss * 1.3));
        if (roundTrip >= 150)
        {
            Assert.True(with.LaterThanRoundTrip < without.LaterThanRoundTrip * 0.6, $"{with} against {without}");
        }
        else
        {
            Assert.Equal(without.Overhead, with.Overhead, 0.01); // No repair packets: RTX is in time.
        }
    }

    /// <summary>Shares of the packets that came later than their first sending allowed, and what repair took of the media's bytes.</summary>
    private sealed record Outcome(double LaterThanRoundTrip, double LaterThanHalfASecond, double Missing, double Overhead)
    {
        public override string ToString() => $"late by a round trip {LaterThanRoundTrip:P2}, by 500 ms {LaterThanHalfASecond:P3}, never {Missing:P3}, overhead {Overhead:P1}";
    }

    private sealed class RepairRun : IPacketSink, IDisposable
    {
        private const int Seconds = 60;
        private const int StepMilliseconds = 5;

        private static readonly RtpNegotiator Negotiator = new(CodecPolicy.Default with { FlexFec = true });

        private readonly double _loss;
        private readonly TimeSpan _oneWay;
        private readonly Random _random = new(20);
        private readonly Router _router;
        private readonly FakePeer _sender;
        private readonly RouterTransport _transport;
        private readonly Producer _producer;
        private readonly Consumer _consumer;
        private readonly RtpReceiveStream _stream;
        private readonly FlexFecDecoder _decoder;
        private readonly PriorityQueue<(bool IsRtcp, byte[] Bytes), long> _down = new();
        private readonly PriorityQueue<byte[], long> _up = new();
        private readonly Dictionary<ushort, (Instant SentAt, Instant? CameAt)> _packets = [];
        private long _mediaBytes;
        private long _repairBytes;
        private Instant _now = Instant.Zero;

        public RepairRun(bool fec, double loss, int roundTrip)
        {
            _loss = loss;
            _oneWay = TimeSpan.FromMilliseconds(roundTrip / 2.0);
            SeededRandomSource random = new(42);
            _router = new Router(new RouterOptions { Fec = new FecOptions { IsEnabled = fec } }, random);
            _sender = new FakePeer(_router);
            _transport = _router.AddTransport(this);
            ProducerNegotiation producer = Negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "x");
            RtpCapabilities all = Negotiator.Capabilities;

            // Without congestion control: it is repair that is measured.
            RtpCapabilities plain = all with
            {
                Codecs = [.. all.Codecs.Select(codec => codec with { RtcpFeedback = [.. codec.RtcpFeedback.Where(line => line.Type is "nack" or "ccm")] })],
            };
            _producer = _router.Produce(Instant.Zero, _sender.Transport, producer.Plan, paused: false);
            _consumer = _router.Consume(Instant.Zero, _transport, _producer, RtpNegotiator.MapConsumer(producer, plain, "0", random).Plan, paused: false);
            _stream = new RtpReceiveStream(new() { Ssrc = _consumer.Plan.Ssrc, RtxSsrc = _consumer.Plan.RtxSsrc, ClockRate = 90_000, Nack = new NackOptions() });
            _decoder = new FlexFecDecoder(_consumer.Plan.Ssrc, new PacketBlockPool(), new FecMutableExtensions(4, 5), new());
        }

        public bool IsReady => true;

        public Outcome Run()
        {
            byte[] payload = new byte[1000];
            _sender.Rtcp(_now, (ref RtcpWriter writer) => SenderReport.TryWrite(ref writer, _producer.Plan.Encodings[0].Ssrc, new SenderInfo(new NtpTimestamp(0xE000_0000_0000_0000), new(0), 1, 1), []));
            for (int i = 0; i < (Seconds + 4) * 1000 / StepMilliseconds; i++)
            {
                _now = Instant.FromMilliseconds(i * StepMilliseconds);
                _router.HandleTimeout(_now);
                if (i < Seconds * 1000 / StepMilliseconds)
                {
                    (i == 0 ? Packets.Key : Packets.Delta).CopyTo(payload, 0);
                    _router.HandleRtp(_now, _sender.Transport, Packets.Rtp(_producer.Plan, i, (uint)i * 450, payload));
                }

                Receive();
                Report(i);
            }

            return Judge();
        }

        public void Dispose()
        {
            _decoder.Dispose();
            _router.Dispose();
        }

        public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
        {
            byte[] bytes = [.. header, .. prefix, .. payload];
            RtpPacket packet = Packets.Parse(bytes);
            if (packet.Ssrc == _consumer.Plan.Ssrc)
            {
                _mediaBytes += bytes.Length;
                _packets[packet.SequenceNumber.Value] = (now, null);
            }
            else
            {
                _repairBytes += bytes.Length;
            }

            if (_random.NextDouble() >= _loss)
            {
                _down.Enqueue((false, bytes), (now + _oneWay).Ticks);
            }
        }

        public void SendRtcp(Instant now, ReadOnlySpan<byte> packet) => _down.Enqueue((true, packet.ToArray()), (now + _oneWay).Ticks);

        private void Receive()
        {
            while (_up.TryPeek(out byte[]? feedback, out long at) && at <= _now.Ticks)
            {
                _up.Dequeue();
                _router.HandleRtcp(_now, _transport, feedback);
            }

            while (_down.TryPeek(out (bool IsRtcp, byte[] Bytes) next, out long at) && at <= _now.Ticks)
            {
                _down.Dequeue();
                if (next.IsRtcp)
                {
                    HearReport(next.Bytes);
                }
                else
                {
                    Take(next.Bytes);
                }
            }
        }

        private void Take(byte[] bytes)
        {
            RtpPacket packet = Packets.Parse(bytes);
            if (packet.Ssrc == _consumer.Plan.FecSsrc)
            {
                _decoder.HandleRepair(packet.Payload);
            }
            else if (packet.Ssrc == _consumer.Plan.RtxSsrc)
            {
                if (_stream.TryHandleRtx(_now, bytes, _consumer.Plan.PayloadType, out _))
                {
                    Came(bytes.AsSpan(2));
                }
            }
            else
            {
                _stream.Handle(_now, packet);
                Came(bytes);
            }

            byte[] into = new byte[1500];
            while (_decoder.TryTake(into, out int length))
            {
                // As a browser does: what is recovered is no longer asked for, and does not count as received in reports.
                _stream.HandleRecovered(_now, Packets.Parse(into[..length]).SequenceNumber);
                Came(into.AsSpan(0, length));
            }
        }

        private void Came(ReadOnlySpan<byte> packet)
        {
            _decoder.HandleMedia(packet);
            ushort sequence = Packets.Parse(packet.ToArray()).SequenceNumber.Value;
            if (_packets.TryGetValue(sequence, out (Instant SentAt, Instant? CameAt) known) && known.CameAt is null)
            {
                _packets[sequence] = (known.SentAt, _now);
            }
        }

        private void HearReport(byte[] bytes)
        {
            Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                if (SenderReport.TryParse(packet, out SenderReport report) && report.Ssrc == _consumer.Plan.Ssrc)
                {
                    _stream.HandleSenderReport(_now, report.Info);
                }
            }
        }

        private void Report(int step)
        {
            RtcpWriter writer = new(new byte[1200]);
            if (step % 200 == 199 && _stream.TryTakeReport(_now, out ReportBlock block))
            {
                ReceiverReport.TryWrite(ref writer, new(1), [block]);
            }

            _stream.TryWriteNack(_now, _oneWay * 2, ref writer, new(1));
            if (writer.Length > 0)
            {
                _up.Enqueue(writer.Written.ToArray(), (_now + _oneWay).Ticks);
            }
        }

        private Outcome Judge()
        {
            double Share(Func<(Instant SentAt, Instant? CameAt), bool> which) => _packets.Values.Count(which) / (double)_packets.Count;
            return new Outcome(
                Share(packet => packet.CameAt is null || packet.CameAt - packet.SentAt - _oneWay >= _oneWay * 2),
                Share(packet => packet.CameAt is null || packet.CameAt - packet.SentAt - _oneWay >= TimeSpan.FromMilliseconds(500)),
                Share(packet => packet.CameAt is null),
                _repairBytes / (double)_mediaBytes);
        }
    }
}
