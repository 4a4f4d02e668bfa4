using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>What the delay says about how a link is used.</summary>
internal enum LinkUse : byte
{
    /// <summary>Delays stay as they are.</summary>
    Normal,

    /// <summary>Delays grow: more is sent than passes.</summary>
    Over,

    /// <summary>Delays shrink: a queue drains.</summary>
    Under,
}

/// <summary>
/// Compares the trend of the delay with a threshold that adapts to how much the delay varies anyway, so that
/// other people's traffic is neither yielded to for ever nor ignored (draft-ietf-rmcat-gcc-02 §5.4).
/// </summary>
internal struct OveruseDetector
{
    private const double FirstThreshold = 12.5; // ms
    private const double LeastThreshold = 6;
    private const double MostThreshold = 600;
    private const double GainUp = 0.0087;       // per ms: the threshold rises slower …
    private const double GainDown = 0.039;      // … than it falls
    private const double OutlierDistance = 15;  // ms beyond the threshold: a spike, not a trend
    private const double MostElapsed = 100;     // ms
    private const double OveruseTime = 10;      // ms that a trend must last

    private double _threshold;
    private double _previous;
    private double _over;
    private int _overCount;
    private Instant _last;

    /// <summary>The last judgement.</summary>
    public LinkUse Use { get; private set; }

    /// <summary>The threshold in ms.</summary>
    public readonly double Threshold => _threshold == 0 ? FirstThreshold : _threshold;

    /// <summary>Takes the trend after a group.</summary>
    public LinkUse Detect(Instant arrival, double trend)
    {
        double elapsed = _last == default ? 0 : Math.Clamp((arrival - _last).TotalMilliseconds, 0, MostElapsed);
        _last = arrival;
        if (trend > Threshold)
        {
            _over += _overCount == 0 ? elapsed / 2 : elapsed;
            _overCount++;
            Use = _over > OveruseTime && _overCount > 1 && trend >= _previous ? LinkUse.Over : Use == LinkUse.Over ? LinkUse.Over : LinkUse.Normal;
        }
        else
        {
            _over = 0;
            _overCount = 0;
            Use = trend < -Threshold ? LinkUse.Under : LinkUse.Normal;
        }

        _previous = trend;
        Adapt(Math.Abs(trend), elapsed);
        return Use;
    }

    /// <summary>Begins anew.</summary>
    public void Restart() => this = default;

    private void Adapt(double trend, double elapsed)
    {
        double threshold = Threshold;
        if (trend <= threshold + OutlierDistance)
        {
            threshold += (trend < threshold ? GainDown : GainUp) * (trend - threshold) * elapsed;
        }

        _threshold = Math.Clamp(threshold, LeastThreshold, MostThreshold);
    }
}
