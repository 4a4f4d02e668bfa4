using System.Runtime.CompilerServices;

namespace Crosspoint.Media.Statistics;

/// <summary>One counter for each <see cref="MediaDropReason"/>; a value, so that a copy is a snapshot.</summary>
public struct MediaDropCounters
{
    private Counters _counters;

    /// <summary>How many reasons there are.</summary>
    public const int Count = (int)MediaDropReason.SframeUnjudged + 1;

    /// <summary>How often it happened.</summary>
    public readonly long this[MediaDropReason reason] => _counters[(int)reason];

    /// <summary>All of them together.</summary>
    public readonly long Total
    {
        get
        {
            long total = 0;
            for (int i = 0; i < Count; i++)
            {
                total += _counters[i];
            }

            return total;
        }
    }

    /// <summary>Adds the counts of another.</summary>
    public void AddAll(in MediaDropCounters other)
    {
        for (int i = 0; i < Count; i++)
        {
            _counters[i] += other._counters[i];
        }
    }

    internal void Add(MediaDropReason reason) => _counters[(int)reason]++;

    [InlineArray(Count)]
    private struct Counters
    {
        private long _first;
    }
}
