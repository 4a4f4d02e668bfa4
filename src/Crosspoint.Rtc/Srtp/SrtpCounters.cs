using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Srtp;

/// <summary>How many packets met each <see cref="SrtpResult"/>. A copy is a snapshot.</summary>
public struct SrtpCounters
{
    /// <summary>How many results there are.</summary>
    public const int Length = (int)SrtpResult.CipherFailed + 1;

    private Storage _counts;

    /// <summary>Packets that ended as <paramref name="result"/>.</summary>
    public readonly long this[SrtpResult result] => _counts[(int)result];

    internal void Add(SrtpResult result) => _counts[(int)result]++;

    [InlineArray(Length)]
    private struct Storage
    {
        private long _first;
    }
}
