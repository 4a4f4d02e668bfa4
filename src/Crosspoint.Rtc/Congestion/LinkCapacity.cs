using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// What the link carried when it was full: a smoothed mean and its variation
/// (the average maximum bitrate of draft-ietf-rmcat-gcc-02 §5.5). Near it, increases are careful.
/// </summary>
internal struct LinkCapacity
{
    private const double Weight = 0.05;       // of a new sample
    private const double LeastVariation = 0.4; // normalised by the mean, kbit/s
    private const double MostVariation = 2.5;

    private double _mean; // kbit/s; 0 = unknown
    private double _variation;

    /// <summary>True when the link has been seen full.</summary>
    public readonly bool IsKnown => _mean > 0;

    /// <summary>The mean.</summary>
    public readonly Bitrate Mean => Bitrate.FromKilobits(_mean);

    /// <summary>Takes what arrived while the link was full.</summary>
    public void Add(Bitrate acknowledged)
    {
        double sample = acknowledged.KilobitsPerSecond;
        if (!IsKnown)
        {
            _mean = sample;
            _variation = LeastVariation;
            return;
        }

        double error = _mean - sample;
        _mean = Math.Max(1, ((1 - Weight) * _mean) + (Weight * sample));
        _variation = Math.Clamp(((1 - Weight) * _variation) + (Weight * error * error / _mean), LeastVariation, MostVariation);
    }

    /// <summary>True when the rate is about what the link carries.</summary>
    public readonly bool IsNear(Bitrate rate) => IsKnown && rate <= Upper && rate.KilobitsPerSecond >= _mean - Deviation;

    /// <summary>True when the rate is more than the link ever carried lately.</summary>
    public readonly bool IsAbove(Bitrate rate) => IsKnown && rate > Upper;

    /// <summary>True when the rate is less than what the link was thought to carry.</summary>
    public readonly bool IsBelow(Bitrate rate) => IsKnown && rate.KilobitsPerSecond < _mean - Deviation;

    /// <summary>Forgets it.</summary>
    public void Forget() => this = default;

    private readonly Bitrate Upper => Bitrate.FromKilobits(_mean + Deviation);

    private readonly double Deviation => 3 * Math.Sqrt(_variation * _mean);
}
