using BenchmarkDotNet.Attributes;

namespace Crosspoint.Micro.Tests;

/// <summary>One that does allocate, so that the probe is seen to notice.</summary>
public class AllocatingBenchmarks
{
    private byte[] _kept = [];

    [Benchmark]
    public int Allocate()
    {
        _kept = new byte[1];
        return _kept.Length;
    }
}
