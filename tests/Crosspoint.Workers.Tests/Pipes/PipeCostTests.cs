using System.Threading.Channels;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
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
        Producer producer = _home.Router.Produce(_sender, negotiation.Plan, paused: false);
        _home.Pipes.Open(new HostedProducer("track", null, producer, negotiation), _away);
        _awayWorker.RunOnce();

        Producer relayed = Assert.Single(Assert.Single(_away.Pipes.Ends).Port.Producers);
        for (int i = 0; i < 3; i++)
        {
            RouterTransport receiver = _away.Router.AddTransport(_sink);
            _away.Router.Consume(receiver, relayed, RtpNegotiator.MapConsumer(negotiation, plan.Negotiator.Capabilities, "0", SystemRandomSource.Instance).Plan, paused: false);
        }
    }

    [Fact]
    public void A_packet_crosses_once_for_all_and_allocates_nothing()
    {
        Send(5_000); // what grows, has grown
        (long sent, long received) = (_homeWorker.Meters.Counters.PipedSent, _sink.Packets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100_000, _homeWorker.Meters.Counters.PipedSent - sent);
        Assert.Equal(300_000, _sink.Packets - received);
        Assert.Equal(_homeWorker.Meters.Counters.PipedSent, _awayWorker.Meters.Counters.PipedReceived);
        Assert.Equal(0, _homeWorker.Meters.Counters.Drops.Of(WorkerDropReason.PipeFull));
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
                _awayWorker.Pipes.Receive(_now);
                _awayWorker.Pipes.Release();
            }
        }
    }

    private sealed class CountingSink : IPacketSink
    {
        public long Packets { get; private set; }

        public bool IsReady => true;

        public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, PayloadTraits traits) => Packets++;

        public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
        {
        }
    }
}
