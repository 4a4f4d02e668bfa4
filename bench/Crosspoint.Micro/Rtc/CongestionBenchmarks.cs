using BenchmarkDotNet.Attributes;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Micro.Rtc;

/// <summary>Congestion control of one transport: per packet sent and received, and per feedback of 50 packets.</summary>
public class CongestionBenchmarks
{
    private const int Packets = 50;

    private readonly BandwidthEstimator _estimator = new(new BandwidthEstimatorOptions { MaxPackets = 1024 }, Instant.Zero);
    private readonly TransportFeedbackGenerator _generator = new(new TransportFeedbackGeneratorOptions());
    private readonly byte[] _into = new byte[1200];
    private Pacer _pacer = new(Bitrate.FromKilobits(3000), Instant.Zero);
    private Instant _now = Instant.FromMilliseconds(1000);
    private ushort _received;

    /// <summary>A number, and the note that it was sent.</summary>
    [Benchmark]
    public int Send()
    {
        _now += TimeSpan.FromMilliseconds(1);
        return _estimator.HandleSent(_now, 1200, SentKind.Media, 0).Value;
    }

    /// <summary>Whether it may be sent.</summary>
    [Benchmark]
    public int Pace()
    {
        _now += TimeSpan.FromMilliseconds(1);
        return _pacer.TryPass(_now, 1200) ? 1 : 0;
    }

    /// <summary>Note that it came, and feedback when it is due.</summary>
    [Benchmark]
    public int Receive()
    {
        _now += TimeSpan.FromMilliseconds(1);
        _generator.Handle(_now, new SequenceNumber(_received++), 1200);
        RtcpWriter writer = new(_into);
        return _generator.TryWrite(_now, ref writer, new Ssrc(1), new Ssrc(2)) ? writer.Length : 0;
    }

    /// <summary>Fifty packets sent, received, reported, and the report judged.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public int RoundTrip()
    {
        for (int i = 0; i < Packets; i++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            SequenceNumber sequence = _estimator.HandleSent(_now, 1200, SentKind.Media, 0);
            _generator.Handle(_now, sequence, 1200);
        }

        RtcpWriter writer = new(_into);
        _now += TimeSpan.FromMilliseconds(50);
        while (_now >= _generator.NextTimeout && _generator.TryWrite(_now, ref writer, new Ssrc(1), new Ssrc(2)))
        {
        }

        RtcpReader.TryOpen(writer.Written, out RtcpReader reader);
        while (reader.TryRead(out RtcpPacket packet))
        {
            if (TransportFeedback.TryParse(packet, out TransportFeedback feedback))
            {
                _estimator.HandleFeedback(_now, feedback);
            }
        }

        return (int)_estimator.Target.BitsPerSecond;
    }
}
