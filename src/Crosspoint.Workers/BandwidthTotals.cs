using System.Runtime.CompilerServices;
using Crosspoint.Media;
using Crosspoint.Media.Allocation;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Workers;

/// <summary>How a worker's transports stand against their networks at one moment, all together.</summary>
public struct BandwidthTotals
{
    private StateCounts _states;
    private SuspensionCounts _suspensions;

    /// <summary>What may be sent to all of them, in bit/s.</summary>
    public long TargetBits;

    /// <summary>What they could use at most, in bit/s.</summary>
    public long WantedBits;

    /// <summary>Bytes that wait for their turn to leave.</summary>
    public long QueuedBytes;

    /// <summary>Transports by what keeps their target from being higher.</summary>
    public readonly long this[BandwidthState state] => _states[(int)state];

    /// <summary>Consumers by why the router sends them nothing; <see cref="Suspension.None"/> for those that get something.</summary>
    public readonly long this[Suspension suspension] => _suspensions[(int)suspension];

    internal void Add(RouterTransport transport)
    {
        if (transport.GetDownlinkStatistics() is { } downlink)
        {
            TargetBits += downlink.Target.BitsPerSecond;
            WantedBits += downlink.Wanted.BitsPerSecond;
            QueuedBytes += downlink.QueuedBytes;
            _states[(int)downlink.State]++;
        }

        foreach (Consumer consumer in transport.Consumers)
        {
            _suspensions[(int)consumer.Suspension]++;
        }
    }

    [InlineArray((int)BandwidthState.NoFeedback + 1)]
    private struct StateCounts
    {
        private long _first;
    }

    [InlineArray((int)Suspension.MaxVideo + 1)]
    private struct SuspensionCounts
    {
        private long _first;
    }
}
