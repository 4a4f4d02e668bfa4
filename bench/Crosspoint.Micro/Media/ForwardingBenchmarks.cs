using BenchmarkDotNet.Attributes;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;
using Crosspoint.Micro.Support;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Micro.Media;

/// <summary>The small structures a packet passes in a router.</summary>
public class ForwardingBenchmarks
{
    private const int Streams = 500;

    private readonly byte[] _packet = MicroPackets.Rtp(new Ssrc(1), new PayloadType(96), MicroPackets.DeltaFrame, MicroPackets.VideoPayloadBytes);
    private readonly SsrcTable<object> _table = new(4096);
    private readonly ForwardHeader _header = new();
    private readonly ConsumerPlan _plan = new()
    {
        Kind = MediaKind.Video,
        Codec = PayloadFormat.Vp8,
        ClockRate = 90_000,
        PayloadType = new PayloadType(96),
        RtxPayloadType = new PayloadType(97),
        Ssrc = new Ssrc(2),
        RtxSsrc = new Ssrc(3),
        Feedback = FeedbackFlags.Nack,
        Extensions = MicroPackets.Extensions,
        Mid = "7"u8.ToArray(),
        CanonicalName = "publisher"u8.ToArray(),
    };

    private SequenceRewriter _rewriter = new(new SequenceNumber(100));
    private ReceivedWindow _window;
    private int _number;

    /// <summary>A table with the SSRCs of many consumers, and a stream that has begun.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        Random random = new(1);
        for (int i = 0; i < Streams; i++)
        {
            _table.TryAdd(new Ssrc(SsrcAt(i)), random);
        }

        _rewriter.Start(new SequenceNumber(1), 0);
    }

    /// <summary>The next number of a stream that never paused.</summary>
    [Benchmark]
    public int MapSequence() => _rewriter.Map(new SequenceNumber((ushort)++_number), out SequenceNumber output, out _) == RewriteVerdict.Mapped ? output.Value : 0;

    /// <summary>The next number, and the one a NACK ten later asks for.</summary>
    [Benchmark]
    public int MapAndUnmapSequence()
    {
        _rewriter.Map(new SequenceNumber((ushort)++_number), out SequenceNumber output, out _);
        return _rewriter.TryUnmap(output - 10, out SequenceNumber input, out _) ? input.Value : 0;
    }

    /// <summary>The next number, seen for the first time.</summary>
    [Benchmark]
    public int TakeReceived() => _window.TryTake(new SequenceNumber((ushort)++_number)) ? 1 : 0;

    /// <summary>One of five hundred SSRCs.</summary>
    [Benchmark]
    public int FindSsrc() => _table.TryGet(new Ssrc(SsrcAt(++_number % Streams)), out _) ? 1 : 0;

    /// <summary>The header of the first consumer of a packet: parsed, its extensions found, written anew.</summary>
    [Benchmark]
    public int WriteHeader()
    {
        _ = RtpPacket.TryParse(_packet, out RtpPacket packet);
        ExtensionSlots slots = ExtensionSlots.Find(packet, MicroPackets.Extensions);
        _header.Begin();
        return _header.Write(Instant.Zero, _plan, Fields(), packet, slots).Length;
    }

    /// <summary>The header of every other consumer: changed in place.</summary>
    [Benchmark]
    public int RewriteHeader()
    {
        _ = RtpPacket.TryParse(_packet, out RtpPacket packet);
        return _header.Write(Instant.Zero, _plan, Fields(), packet, default).Length;
    }

    private RtpHeaderFields Fields() => new(new PayloadType(96), true, new SequenceNumber((ushort)++_number), new RtpTimestamp((uint)_number), new Ssrc(2));

    private static uint SsrcAt(int index) => (uint)index * 2_654_435_761;
}
