using System.Runtime.CompilerServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>How many bits per second really arrived, by the receiver's clock, over windows up to <see cref="Longest"/>.</summary>
/// <remarks>
/// One owner. Bytes are kept in buckets of 10 ms. A pause of the sender is no evidence of a slow link, so after one the window
/// begins anew and says nothing until it has seen enough.
/// </remarks>
internal struct AcknowledgedRate
{
    /// <summary>The longest window that can be asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(BucketMilliseconds * (BucketCount - 1));

    private const int BucketMilliseconds = 10;
    private const int BucketCount = 64;
    private const int Mask = BucketCount - 1;

    // Longer without an arrival: the window begins anew.
    private const int PauseBuckets = 50;

    // Less time than this says nothing about a rate.
    private const int LeastBuckets = 8;

    private Buckets _bytes;
    private Arrivals _last; // of each bucket
    private long _newest; // bucket numbers since the reporter's origin
    private long _oldest;
    private bool _started;

    /// <summary>Takes an arrival; small reordering is placed where it belongs.</summary>
    public void Add(Instant receivedAt, int bytes)
    {
        long bucket = receivedAt.Ticks / (BucketMilliseconds * TimeSpan.TicksPerMillisecond);
        if (!_started || bucket - _newest > PauseBuckets || _newest - bucket >= BucketCount)
        {
            _bytes = default;
            _started = true;
            _oldest = bucket;
            _newest = bucket;
        }

        for (; _newest < bucket; _newest++)
        {
            _bytes[(int)((_newest + 1) & Mask)] = 0;
        }

        _oldest = Math.Min(Math.Max(_oldest, _newest - BucketCount + 1), bucket);
        ref long last = ref _last[(int)(bucket & Mask)];
        last = _bytes[(int)(bucket & Mask)] == 0 ? receivedAt.Ticks : Math.Max(last, receivedAt.Ticks);
        _bytes[(int)(bucket & Mask)] += bytes;
    }

    /// <summary>
    /// The rate from one arrival to another, about <paramref name="window"/> apart, the last being the newest: exact where only a few packets come, and
    /// only true where one followed the other without a pause. None while there is less.
    /// </summary>
    public readonly Bitrate? Between(TimeSpan window)
    {
        long newest = _last[(int)(_newest & Mask)];
        long sum = 0;
        for (long bucket = _newest; _started && bucket >= _oldest; bucket--)
        {
            int bytes = _bytes[(int)(bucket & Mask)];
            TimeSpan span = new(newest - _last[(int)(bucket & Mask)]);
            if (bytes > 0 && span >= window)
            {
                return Bitrate.Of(sum, span);
            }

            sum += bytes;
        }

        return null;
    }

    /// <summary>The rate of the last <paramref name="window"/>, or of what there is of it; none while that is too little.</summary>
    public readonly Bitrate? Over(TimeSpan window)
    {
        // The newest bucket is still filling: it is left out, and so is the first after a pause, whose beginning is unknown.
        int wanted = (int)(Math.Min(window.Ticks, Longest.Ticks) / (BucketMilliseconds * TimeSpan.TicksPerMillisecond));
        int buckets = (int)Math.Min(wanted, _newest - _oldest);
        if (!_started || buckets < Math.Min(LeastBuckets, wanted))
        {
            return null;
        }

        long sum = 0;
        for (long bucket = _newest - buckets; bucket < _newest; bucket++)
        {
            sum += _bytes[(int)(bucket & Mask)];
        }

        return new Bitrate(sum * 8 * 1000 / (buckets * BucketMilliseconds));
    }

    /// <summary>Begins anew: arrival times before and after do not compare.</summary>
    public void Restart() => _started = false;

    [InlineArray(BucketCount)]
    private struct Buckets
    {
        private int _first;
    }

    [InlineArray(BucketCount)]
    private struct Arrivals
    {
        private long _first;
    }
}
