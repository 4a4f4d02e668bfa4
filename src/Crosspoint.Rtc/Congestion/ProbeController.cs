using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// When to probe and how fast: twice at the beginning, again at once while probes succeed, soon after a drop, and from time
/// to time while more is wanted than the target gives; every second while somebody sees nothing for want of it.
/// </summary>
/// <remarks>One owner.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct ProbeController
{
    private const int MinPackets = 5;
    private const double FirstFactor = 3;      // of the start rate …
    private const double SecondFactor = 6;
    private const double FurtherFactor = 2;    // of what was found, or of the target
    private const double SuccessShare = 0.7;   // found of what was probed: there may be still more
    private const double MostOfWanted = 1.5;   // nobody has a use for finding more
    private const double LargeDrop = 0.66;     // less than this is left: not the link's usual breathing

    // Longer than the time between two pictures of others on the link: a shorter one finds the gap between them.
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan ResultTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterVoid = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterDrop = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UrgentInterval = TimeSpan.FromSeconds(1);

    private int _lastId;
    private int _initial;   // initial probes taken
    private double _chained; // bit/s to go on with at once; 0 = none
    private Probe _underWay;
    private Instant _resultDue;
    private Instant _next;
    private Instant _endedAt;
    private TimeSpan _interval;
    private bool _isUrgent;

    /// <summary>When a probe may be due; never while nothing more is wanted.</summary>
    public readonly Instant NextTimeout(Bitrate target, Bitrate wanted) =>
        !IsWorth(target, wanted) ? Instant.Never : _underWay.Id != 0 ? _resultDue : _initial < 2 || _chained > 0 ? Instant.Zero : Next;

    private readonly Instant Next => _isUrgent ? Instant.Min(_next, _endedAt + UrgentInterval) : _next;

    /// <summary>Whether somebody sees nothing until more is found: there is little then that a probe could hurt.</summary>
    public void SetUrgent(bool isUrgent) => _isUrgent = isUrgent;

    /// <summary>A probe to send now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="target">What may be sent.</param>
    /// <param name="wanted">What could be used.</param>
    /// <param name="most">The configured maximum.</param>
    /// <param name="isQuiet">No queue is standing or draining.</param>
    /// <param name="probe">The probe.</param>
    public bool TryTake(Instant now, Bitrate target, Bitrate wanted, Bitrate most, bool isQuiet, out Probe probe)
    {
        probe = default;
        if (_underWay.Id != 0 && now >= _resultDue)
        {
            Fail(now);
        }

        if (_underWay.Id != 0 || !isQuiet || !IsWorth(target, wanted))
        {
            return false;
        }

        double rate = Choose(now, target);
        rate = Math.Min(Math.Min(rate, most.BitsPerSecond), wanted.BitsPerSecond * MostOfWanted);
        if (rate <= target.BitsPerSecond)
        {
            return false;
        }

        int bytes = (int)(rate / 8 * Duration.TotalSeconds);
        _lastId = _lastId == int.MaxValue ? 1 : _lastId + 1;
        _underWay = new Probe(_lastId, new Bitrate((long)rate), bytes, MinPackets);
        _resultDue = now + ResultTimeout;
        probe = _underWay;
        return true;
    }

    /// <summary>A probe told what the link carries.</summary>
    public void HandleResult(Instant now, int id, Bitrate found)
    {
        if (id != _underWay.Id)
        {
            return;
        }

        if (found.BitsPerSecond < SuccessShare * _underWay.Rate.BitsPerSecond)
        {
            Fail(now);
            return;
        }

        _chained = found.BitsPerSecond * FurtherFactor;
        _underWay = default;
        _endedAt = now;
        _interval = FirstInterval;
        _next = now + _interval;
    }

    /// <summary>A probe told nothing: soon another.</summary>
    public void HandleVoid(Instant now, int id)
    {
        if (id == _underWay.Id)
        {
            _underWay = default;
            _next = now + AfterVoid;
        }
    }

    /// <summary>A queue has drained, and the target is this share of what it was: if the link got that much slower, it may soon be as fast again.</summary>
    public void HandleDrained(Instant now, double share)
    {
        _chained = 0;
        _initial = 2;
        if (share < LargeDrop)
        {
            _interval = FirstInterval;
            _next = now + AfterDrop;
        }
    }

    private double Choose(Instant now, Bitrate target)
    {
        if (_initial < 2)
        {
            _next = now + FirstInterval;
            return target.BitsPerSecond * (_initial++ == 0 ? FirstFactor : SecondFactor);
        }

        if (_chained > 0)
        {
            double rate = _chained;
            _chained = 0;
            return rate;
        }

        return now >= Next ? target.BitsPerSecond * FurtherFactor : 0;
    }

    private void Fail(Instant now)
    {
        _underWay = default;
        _endedAt = now;
        _chained = 0;
        _interval = _interval == TimeSpan.Zero ? FirstInterval : _interval * 1.5;
        _interval = _interval < LongestInterval ? _interval : LongestInterval;
        _next = now + _interval;
    }

    // However little is missing: the layer that it is missing for is not sent until it is found, and nothing else would ever look for it.
    private static bool IsWorth(Bitrate target, Bitrate wanted) => wanted > target;
}
