using BenchmarkDotNet.Attributes;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Micro.Rtc;

/// <summary>The list of missing packets of one stream.</summary>
public class NackBenchmarks
{
    private readonly NackGenerator _generator = new(new NackOptions());
    private readonly byte[] _into = new byte[1200];
    private int _number;

    /// <summary>Nothing is missing.</summary>
    [Benchmark]
    public int InOrder() => (int)_generator.Handle(Instant.FromMilliseconds(++_number), new SequenceNumber((ushort)_number));

    /// <summary>One packet is lost, asked for and comes back.</summary>
    [Benchmark]
    public int LossAndRepair()
    {
        _number += 2;
        Instant now = Instant.FromMilliseconds(10 * _number);
        _generator.Handle(now, new SequenceNumber((ushort)_number));
        RtcpWriter writer = new(_into);
        int asked = _generator.TryWrite(now + TimeSpan.FromMilliseconds(6), TimeSpan.FromMilliseconds(20), ref writer, new Ssrc(1), new Ssrc(2));
        return asked + (int)_generator.Handle(now, new SequenceNumber((ushort)(_number - 1)));
    }
}
