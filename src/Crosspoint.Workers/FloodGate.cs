using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>
/// Bounds the work that datagrams from addresses we do not know may cause: a token bucket per slot of hashed source IPs,
/// so memory is fixed whatever the flood, and one bucket for all strangers together.
/// Known peers never pass through here.
/// </summary>
/// <remarks>Owned by one worker thread. Two sources that share a slot share its budget; a flood then only delays a new peer's check, which ICE repeats.</remarks>
internal sealed class FloodGate
{
    private const int SlotCount = 4096;

    private readonly int _perSourcePerSecond;
    private readonly int _totalPerSecond;
    private readonly (long Second, int Used)[] _slots = new (long, int)[SlotCount];
    private (long Second, int Used) _total;

    /// <param name="perSourcePerSecond">Datagrams a second that one source, an IPv4 address or an IPv6 /64, may have looked at before it is known.</param>
    /// <param name="totalPerSecond">The same for all unknown sources together.</param>
    public FloodGate(int perSourcePerSecond, int totalPerSecond)
    {
        _perSourcePerSecond = perSourcePerSecond;
        _totalPerSecond = totalPerSecond;
    }

    /// <summary>True when a datagram from this stranger may be looked at now.</summary>
    public bool TryEnter(Instant now, in TransportAddress source)
    {
        long second = now.Ticks / TimeSpan.TicksPerSecond;
        ref (long Second, int Used) slot = ref _slots[Who(source).GetHashCode() & (SlotCount - 1)];
        return Take(ref slot, second, _perSourcePerSecond) && Take(ref _total, second, _totalPerSecond);
    }

    // The port is left out, and of IPv6 the half that a host chooses itself: a flood changes both for free.
    private static UInt128 Who(in TransportAddress source) => source.IsIPv4 ? source.Ip : source.Ip >> 64;

    private static bool Take(ref (long Second, int Used) bucket, long second, int limit)
    {
        if (bucket.Second != second)
        {
            bucket = (second, 0);
        }

        if (bucket.Used >= limit)
        {
            return false;
        }

        bucket.Used++;
        return true;
    }
}
