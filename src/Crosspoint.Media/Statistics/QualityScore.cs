using Crosspoint.Primitives;

namespace Crosspoint.Media.Statistics;

/// <summary>How well a track arrives, 10 for all of it, and whether that is worth telling: when it changed, at most once a second.</summary>
/// <remarks>
/// The fourth power of what arrives: one percent lost is not noticed, five are, and with half of it gone there is nothing to see. A value;
/// one owner.
/// </remarks>
internal struct QualityScore
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private Instant _toldAt;
    private long _packets;
    private long _lost;
    private bool _hasTold;

    /// <summary>What was last told.</summary>
    public byte Told { get; private set; }

    /// <summary>Of a share that is lost, 0 to 1.</summary>
    public static byte Of(double loss) => (byte)Math.Round(10 * Math.Pow(1 - Math.Clamp(loss, 0, 1), 4));

    /// <summary>True when the score is to be told.</summary>
    public bool Update(Instant now, byte score)
    {
        if (_hasTold && (score == Told || now - _toldAt < Interval))
        {
            return false;
        }

        (Told, _toldAt, _hasTold) = (score, now, true);
        return true;
    }

    /// <summary>The same from what was counted so far; a track of which nothing came keeps its score.</summary>
    public bool Update(Instant now, long packets, long lost)
    {
        long came = packets - _packets;
        long missed = Math.Max(0, lost - _lost);
        if (came + missed <= 0 || (_hasTold && now - _toldAt < Interval))
        {
            return false;
        }

        (_packets, _lost) = (packets, lost);
        return Update(now, Of(missed / (double)(came + missed)));
    }
}
