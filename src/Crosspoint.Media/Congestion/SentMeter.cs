using Crosspoint.Primitives;

namespace Crosspoint.Media.Congestion;

/// <summary>A rate, smoothed over about a second, from bytes that are counted one by one and looked at now and then.</summary>
/// <remarks>A value; one owner.</remarks>
internal struct SentMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private long _bytes;
    private Instant _since;
    private double _rate;

    /// <summary>Bytes have left.</summary>
    public void Add(int bytes) => _bytes += bytes;

    /// <summary>The rate up to now.</summary>
    public Bitrate Measure(Instant now)
    {
        TimeSpan span = now - _since;
        if (span > TimeSpan.Zero)
        {
            double share = Math.Min(1, span / Window);
            _rate += ((_bytes * 8 / span.TotalSeconds) - _rate) * share;
            (_bytes, _since) = (0, now);
        }

        return new Bitrate((long)_rate);
    }
}
