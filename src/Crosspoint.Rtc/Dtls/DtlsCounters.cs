using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Dtls;

/// <summary>What a session did. A copy is a snapshot.</summary>
public struct DtlsCounters
{
    private Drops _drops;

    /// <summary>Datagrams handed to the protocol.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>Datagrams queued for sending.</summary>
    public long DatagramsQueued { get; internal set; }

    /// <summary>Flights sent again.</summary>
    public long Retransmissions { get; internal set; }

    /// <summary>Drops for <paramref name="reason"/>.</summary>
    public readonly long this[DtlsDropReason reason] => _drops[(int)reason];

    internal void Add(DtlsDropReason reason) => _drops[(int)reason]++;

    [InlineArray((int)DtlsDropReason.SendQueueFull + 1)]
    private struct Drops
    {
        private long _first;
    }
}
