using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>
/// Decides at the head of the queue whether a packet is dropped because the queue has been standing (RFC 8289 §5): above 5 ms for a
/// whole 100 ms, then ever more often, by the root of how often.
/// </summary>
internal struct CoDelState
{
    private const long Target = 5 * TimeSpan.TicksPerMillisecond;
    private const long Interval = 100 * TimeSpan.TicksPerMillisecond;
    private const int FullPacket = 1514;

    private Instant _firstAbove;
    private Instant _dropNext;
    private bool _armed;
    private bool _dropping;
    private long _count;
    private long _lastCount;

    /// <summary>True when the packet that waited <paramref name="sojourn"/> is to be dropped.</summary>
    public bool ShouldDrop(Instant now, TimeSpan sojourn, long backlogBytes)
    {
        bool standing = IsStanding(now, sojourn, backlogBytes);
        if (_dropping)
        {
            _dropping = standing;
            if (!standing || now < _dropNext)
            {
                return false;
            }

            _count++;
            _dropNext = Later(_dropNext);
            return true;
        }

        if (!standing)
        {
            return false;
        }

        Begin(now);
        return true;
    }

    private bool IsStanding(Instant now, TimeSpan sojourn, long backlogBytes)
    {
        if (sojourn.Ticks < Target || backlogBytes <= FullPacket)
        {
            _armed = false;
            return false;
        }

        if (!_armed)
        {
            _armed = true;
            _firstAbove = now + new TimeSpan(Interval);
            return false;
        }

        return now >= _firstAbove;
    }

    // §5.4: a queue that was being cut a moment ago is cut on at nearly the rate it was left at.
    private void Begin(Instant now)
    {
        long delta = _count - _lastCount;
        _dropping = true;
        _count = delta > 1 && (now - _dropNext).Ticks < 16 * Interval ? delta : 1;
        _lastCount = _count;
        _dropNext = Later(now);
    }

    private readonly Instant Later(Instant from) => from + new TimeSpan((Interval << 10) / Root(_count << 20));

    private static long Root(long value)
    {
        long root = 0;
        for (long bit = 1L << 30; bit > 0; bit >>= 1)
        {
            long next = root | bit;
            root = next * next <= value ? next : root;
        }

        return Math.Max(1, root);
    }
}
