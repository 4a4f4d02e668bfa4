using System.Runtime.CompilerServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>How fast has been sent over the last <see cref="Window"/>, and whether that is so much less than allowed that growth proves nothing.</summary>
internal struct SendRate
{
    /// <summary>Long enough for two keyframe-free frames at 5 frames/s, short enough to see a pause.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    private const int Count = 10;
    private const int BucketMilliseconds = 50;
    private const long BucketTicks = BucketMilliseconds * TimeSpan.TicksPerMillisecond;
    private const double EnterShare = 0.65; // sent of what may be sent: below it the application is what limits …
    private const double LeaveShare = 0.8;  // … and above this no longer

    // What a packet touches.
    private Instant _bucketEnds;
    private long _inBucket;

    private long _newest;
    private long _sum; // of the buckets before
    private Buckets _bytes;

    /// <summary>Whether less is sent than may be.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Takes a packet.</summary>
    public void Add(Instant now, int bytes)
    {
        if (now >= _bucketEnds)
        {
            Advance(now);
        }

        _inBucket += bytes;
    }

    /// <summary>The rate now.</summary>
    public Bitrate At(Instant now)
    {
        if (now >= _bucketEnds)
        {
            Advance(now);
        }

        return Bitrate.Of(_sum + _inBucket, Window);
    }

    /// <summary>Judges against what may be sent.</summary>
    public void Judge(Instant now, Bitrate target)
    {
        double share = At(now).BitsPerSecond / (double)Math.Max(target.BitsPerSecond, 1);
        IsLimited = share < EnterShare || (IsLimited && share < LeaveShare);
    }

    private void Advance(Instant now)
    {
        _bytes[(int)(_newest % Count)] = (int)_inBucket;
        _sum += _inBucket;
        _inBucket = 0;
        long bucket = now.Ticks / BucketTicks;
        for (int steps = 0; _newest < bucket && steps < Count; steps++)
        {
            _newest++;
            _sum -= _bytes[(int)(_newest % Count)];
            _bytes[(int)(_newest % Count)] = 0;
        }

        _newest = bucket; // everything was forgotten on the way
        _bucketEnds = new Instant((bucket + 1) * BucketTicks);
    }

    [InlineArray(Count)]
    private struct Buckets
    {
        private int _first;
    }
}
