using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Ice;

/// <summary>Counters of one agent since it was made. A plain copy; taking one costs nothing but the copy.</summary>
public struct IceStatistics
{
    private IceDropCounters _drops;

    /// <summary>Checks sent, first transmissions only; consent checks are counted apart.</summary>
    public long ChecksSent { get; internal set; }

    /// <summary>Retransmissions of checks.</summary>
    public long ChecksRetransmitted { get; internal set; }

    /// <summary>Authenticated checks received.</summary>
    public long ChecksReceived { get; internal set; }

    /// <summary>Success responses sent.</summary>
    public long ResponsesSent { get; internal set; }

    /// <summary>Error responses sent.</summary>
    public long ErrorResponsesSent { get; internal set; }

    /// <summary>Authenticated success responses received.</summary>
    public long ResponsesReceived { get; internal set; }

    /// <summary>Consent checks sent (RFC 7675).</summary>
    public long ConsentChecksSent { get; internal set; }

    /// <summary>Responses to consent checks; on a lite agent, checks received on the selected pair.</summary>
    public long ConsentRenewals { get; internal set; }

    /// <summary>Binding indications received.</summary>
    public long IndicationsReceived { get; internal set; }

    /// <summary>Times the selected pair changed.</summary>
    public long SelectedPairChanges { get; internal set; }

    /// <summary>Round trip of the selected pair, last measured; zero when never (a lite agent sends no checks).</summary>
    public TimeSpan LastRoundTrip { get; internal set; }

    /// <summary>Round trip of the selected pair, smoothed with a weight of 1/8 (RFC 6298 §2).</summary>
    public TimeSpan SmoothedRoundTrip { get; internal set; }

    /// <summary>Dropped datagrams by reason.</summary>
    public readonly IceDropCounters Drops => _drops;

    internal void CountDrop(IceDropReason reason) => _drops[(int)reason]++;

    internal void NoteRoundTrip(TimeSpan sample)
    {
        LastRoundTrip = sample;
        SmoothedRoundTrip = SmoothedRoundTrip == TimeSpan.Zero ? sample : SmoothedRoundTrip + ((sample - SmoothedRoundTrip) / 8);
    }
}

/// <summary>One counter per <see cref="IceDropReason"/>, inline.</summary>
[InlineArray(Count)]
public struct IceDropCounters
{
    /// <summary>How many reasons there are.</summary>
    public const int Count = (int)IceDropReason.ResponseQueueFull + 1;

    private long _first;

    /// <summary>Adds the counts of another agent.</summary>
    public void AddAll(in IceDropCounters other)
    {
        for (int i = 0; i < Count; i++)
        {
            this[i] += other[i];
        }
    }

    /// <summary>The counter of a reason.</summary>
    public readonly long Of(IceDropReason reason) => this[(int)reason];
}
