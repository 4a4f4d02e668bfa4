using System.Threading.Channels;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Workers.Tests.Pipes;

/// <summary>Two workers that were not started, driven by the test's thread: what a packet through a pipe costs.</summary>
public sealed class PipeCostTests : IDisposable
{
    private readonly MonotonicClock _clock = new();
    private readonly Worker _homeWorker;
    private readonly Worker _awayWorker;
    private readonly HostedRouter _home;
    private readonly HostedRouter _away;
    private readonly CountingSink _sink = new();
    private readonly RouterTransport _sender;
    private readonly byte[] _packet = new byte[1000];
    private Instant _now;
    private ushort _sequence;

    public PipeCostTests()
    {
        FragmentDirectory directory = new();
        _homeWorker = new Worker(0, TestCall.Options, _clock, directory, null, incident => throw new InvalidOperationException(incident.What, incident.Exception));
        _awayWorker = new Worker(1, TestCall.Options, _clock, directory, null, incident => throw new InvalidOperationException(incident.What, incident.Exception));
        RouterPlan plan = new(new RtpNegotiator(CodecPolicy.Default), new RoomNotifications(Channel.CreateUnbounded<RouterNotification>().Writer, 2, 5), 1 << 20);
        _home = _homeWorker.OpenRouter(plan, isBranch: false);
        _away = _awayWorker.OpenRouter(plan, isBranch: true);

        RtpParameters parameters = new()
        {
            Codecs = [new RtpCodecParameters { MimeType = "audio/opus", PayloadType = 111, ClockRate = 48_000, Channels = 2 }],
            Encodings = [new RtpEncodingParameters { Ssrc = 4711 }],
        };
        ProducerNegotiation negotiation = plan.Negotiator.MapProducer(MediaKind.Audio, parameters, "peer");
        _sender = _home.Router.AddTransport(new CountingSink());
        Producer producer = _home.Router.Produce(Instant.Zero, _sender, negotiation.Plan, paused: false);
        _home.Pipes.Open(new HostedProducer("track", null, producer, negotiation), _away);
        _awayWorker.RunOnce();

        Producer relayed = Assert.Single(Assert.Single(_away.Pipes.Ends).Port.Producers);
        for (int i = 0; i < 3; i++)
        {
            RouterTransport receiver = _away.Router.AddTransport(_sink);
            _away.Router.Consume(Instant.Zero, receiver, relayed, RtpNegotiator.MapConsumer(negotiation, plan.Negotiator.Capabilities, "0", SystemRandomSource.Instance).Plan, paused: false);
        }
    }

    [Fact]
    public void A_packet_crosses_once_for_all_and_allocates_nothing()
    {
        Send(5_000); // what grows, has grown
        long sent = 0;
        long received = 0;
        Assert.Equal(0, AllocationMeter.Count(() =>
        {
            (sent, received) = (_homeWorker.Meters.Counters.PipedSent, _sink.Packets);
            Send(100_000);
        }));
        Assert.Equal(100_000, _homeWorker.Meters.Counters.PipedSent - sent);
        Assert.Equal(300_000, _sink.Packets - received);
        Assert.Equal(_homeWorker.Meters.Counters.PipedSent, _awayWorker.Meters.Counters.PipedReceived);
        Assert.Equal(0, _homeWorker.Meters.Counters.Drops.Of(WorkerDropReason.PipeFull));
    }

    [Fact]
    public void The_clock_of_the_sender_crosses_with_its_track()
    {
        Send(100);
        Span<byte> bytes = stackalloc byte[200];
        RtcpWriter writer = new(bytes);
        NtpTimestamp captured = new(0xE000_0000_8000_0000);
        SenderReport.TryWrite(ref writer, new Ssrc(4711), new SenderInfo(captured, new RtpTimestamp(96_000), 100, 100_000), []);
        _home.Router.HandleRtcp(_now, _sender, writer.Written);

        // Reports are due every few seconds at each hop; the sender goes on talking meanwhile.
        for (int i = 0; i < 4_000 && _sink.SenderReports.Count < 6; i++)
        {
            Send(2);
            _home.Router.HandleTimeout(_now);
            _away.Router.HandleTimeout(_now);
        }

        // What the far end reports lies on the sender's own line: as much later in its wallclock as in its timestamps.
        (Ssrc ssrc, NtpTimestamp ntp, RtpTimestamp rtp) = _sink.SenderReports[0];
        (_, NtpTimestamp later, RtpTimestamp laterRtp) = _sink.SenderReports.Last(report => report.Ssrc == ssrc);
        double seconds = (later.Value - ntp.Value) / 4294967296.0;
        Assert.InRange(seconds, 0.5, 60);
        Assert.InRange((uint)(laterRtp.Value - rtp.Value) / 48_000.0, seconds - 0.001, seconds + 0.001);
        Assert.InRange((ntp.Value - captured.Value) / 4294967296.0, 0, 10);
    }

    public void Dispose()
    {
        _homeWorker.Dispose();
        _awayWorker.Dispose();
    }

    // 16 packets a turn; the turns of the two workers follow each other.
    private void Send(int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            RtpHeaderWriter writer = new(_packet, new RtpHeaderFields(new PayloadType(111), false, new SequenceNumber(_sequence), new RtpTimestamp(_sequence * 960u), new Ssrc(4711)));
            writer.Complete();
            _sequence++;
            _home.Router.HandleRtp(_now, _sender, _packet);
            if (i % 16 == 15 || i == packets - 1)
            {
                _now += TimeSpan.FromMilliseconds(5);
                _homeWorker.Pipes.Publish();
                _awayWorker.Budget.Begin(_now);
                _awayWorker.Pipes.Receive(_now);
                _awayWorker.Pipes.Release();
            }
        }
    }

    private sealed class CountingSink : IPacketSink
    {
        public long Packets { get; private set; }

        public bool IsReady => true;

        public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits) => Packets++;

        public List<(Ssrc Ssrc, NtpTimestamp Ntp, RtpTimestamp Rtp)> SenderReports { get; } = [];

        public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
        {
            if (!RtcpReader.TryOpen(packet, out RtcpReader reader))
            {
                return;
            }

            while (reader.TryRead(out RtcpPacket read))
            {
                if (SenderReport.TryParse(read, out SenderReport report))
                {
                    SenderReports.Add((report.Ssrc, report.Info.Ntp, report.Info.Rtp));
                }
            }
        }
    }
}
