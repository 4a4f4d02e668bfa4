using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>How many bits per second really arrived, by the receiver's clock, over windows up to <see cref="Longest"/>.</summary>
/// <remarks>
/// One owner. Bytes are kept in buckets of 10 ms, as sums of all up to each, so that a window is a difference of two. A pause of the
/// sender is no evidence of a slow link, so after one the window begins anew and says nothing until it has seen enough.
/// </remarks>
internal struct AcknowledgedRate
{
    /// <summary>The longest window that can be asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(BucketMilliseconds * LongestBuckets);

    private const int BucketMilliseconds = 10;
    private const int BucketCount = 64;
    private const int Mask = BucketCount - 1;

    // One more is still filling, and one more tells what came before the first.
    private const int LongestBuckets = BucketCount - 2;

    // Longer without an arrival: the window begins anew.
    private const int PauseBuckets = 50;

    // Less time than this says nothing about a rate.
    private const int LeastBuckets = 8;

    private Sums _through; // all bytes up to and in each bucket; what overflows cancels out
    private Arrivals _last; // of each bucket
    private long _newest; // bucket numbers since the reporter's origin
    private long _oldest;
    private bool _started;

    /// <summary>Takes an arrival; small reordering is placed where it belongs.</summary>
    public void Add(Instant receivedAt, int bytes)
    {
        long bucket = receivedAt.Ticks / (BucketMilliseconds * TimeSpan.TicksPerMillisecond);
        if (!_started || bucket - _newest > PauseBuckets || _newest - bucket > LongestBuckets)
        {
            _started = true;
            _oldest = bucket;
            _newest = bucket;
            Through(bucket - 1) = Through(bucket) = 0;
        }

        for (; _newest < bucket; _newest++)
        {
            Through(_newest + 1) = Through(_newest);
        }

        for (; _oldest > bucket; _oldest--)
        {
            Through(_oldest - 2) = Through(_oldest - 1);
        }

        _oldest = Math.Max(_oldest, _newest - LongestBuckets);
        ref long last = ref _last[(int)(bucket & Mask)];
        last = BytesIn(bucket) == 0 ? receivedAt.Ticks : Math.Max(last, receivedAt.Ticks);
        for (long later = bucket; later <= _newest; later++)
        {
            Through(later) += (uint)bytes;
        }
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
            uint bytes = BytesIn(bucket);
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

        uint sum = _through[(int)((_newest - 1) & Mask)] - _through[(int)((_newest - buckets - 1) & Mask)];
        return new Bitrate((long)sum * 8 * 1000 / (buckets * BucketMilliseconds));
    }

    /// <summary>Begins anew: arrival times before and after do not compare.</summary>
    public void Restart() => _started = false;

    private readonly uint BytesIn(long bucket) => _through[(int)(bucket & Mask)] - _through[(int)((bucket - 1) & Mask)];

    [UnscopedRef]
    private ref uint Through(long bucket) => ref _through[(int)(bucket & Mask)];

    [InlineArray(BucketCount)]
    private struct Sums
    {
        private uint _first;
    }

    [InlineArray(BucketCount)]
    private struct Arrivals
    {
        private long _first;
    }
}
