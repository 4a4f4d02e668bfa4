using BenchmarkDotNet.Attributes;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Rtc;

/// <summary>What tells a replay (RFC 3711 §3.3.2).</summary>
public class ReplayWindowBenchmarks
{
    private ReplayWindow _window;
    private long _index;

    /// <summary>The next index.</summary>
    [Benchmark]
    public int Next()
    {
        SrtpResult result = _window.Check(++_index);
        _window.Commit(_index);
        return (int)result;
    }

    /// <summary>One index late, as after reordering.</summary>
    [Benchmark]
    public int Late()
    {
        _index += 2;
        _window.Commit(_index);
        SrtpResult result = _window.Check(_index - 1);
        _window.Commit(_index - 1);
        return (int)result;
    }
}
