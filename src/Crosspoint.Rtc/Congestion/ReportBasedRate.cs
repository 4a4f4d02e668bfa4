using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// The rate where the other side sends no transport-wide feedback: by the fraction lost of its receiver reports, up to its REMB
/// (draft-ietf-rmcat-gcc-02 §6).
/// </summary>
internal struct ReportBasedRate
{
    private const double HighLoss = 0.1;
    private const double LowLoss = 0.02;
    private const double Growth = 1.08; // per report at most one a second

    private static readonly TimeSpan LeastGrowthInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastBackoffInterval = TimeSpan.FromMilliseconds(300);

    private double _rate;
    private Instant _lastGrowth;
    private Instant _lastBackoff;

    public ReportBasedRate(Bitrate start, Instant now)
    {
        _rate = start.BitsPerSecond;
        _lastGrowth = now;
        _lastBackoff = now - TimeSpan.FromSeconds(10);
    }

    /// <summary>The rate.</summary>
    public readonly Bitrate Rate => new((long)_rate);

    /// <summary>Takes the fraction lost of a report, in 256ths.</summary>
    public void Update(Instant now, byte fractionLost, TimeSpan roundTrip)
    {
        double loss = fractionLost / 256.0;
        if (loss > HighLoss && now - _lastBackoff >= LeastBackoffInterval + roundTrip)
        {
            _rate *= 1 - (0.5 * loss);
            _lastBackoff = now;
            _lastGrowth = now;
        }
        else if (loss < LowLoss && now - _lastGrowth >= LeastGrowthInterval)
        {
            _rate *= Growth;
            _lastGrowth = now;
        }
    }

    /// <summary>The receiver estimates more than we send: it has measured, and we begin where it ends.</summary>
    public void JumpTo(Bitrate rate) => _rate = Math.Max(_rate, rate.BitsPerSecond);

    /// <summary>The rate cannot be outside these.</summary>
    public void Clamp(Bitrate least, Bitrate most) => _rate = Math.Clamp(_rate, least.BitsPerSecond, most.BitsPerSecond);
}
