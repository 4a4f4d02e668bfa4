using Crosspoint.Primitives;

namespace Crosspoint.Media.Speakers;

/// <summary>One track's loudness, smoothed over intervals, and whether it counts as speech.</summary>
/// <remarks>
/// An interval without packets is silence, as in DTX; it only decays, so one lost burst ends nobody's speech.
/// One owner: the detector.
/// </remarks>
internal struct SpeakerLevel
{
    private int _sum;
    private int _count;
    private Instant _loudAt;

    /// <summary>0 to 127.</summary>
    public double Loudness { get; private set; }

    /// <summary>True from the beginning of speech to the end of its hold time.</summary>
    public bool IsSpeaking { get; private set; }

    /// <summary>True while something may still change without further packets.</summary>
    public readonly bool IsAlive => IsSpeaking || _count > 0 || Loudness >= 1;

    /// <summary>Notes the level of a packet, 0 (loudest) to 127.</summary>
    public void Report(int level)
    {
        _sum += 127 - level;
        _count++;
    }

    /// <summary>The track is muted: silence at once.</summary>
    public void Silence() => this = default;

    /// <summary>Judges the interval that ends now.</summary>
    public void Judge(Instant now, ActiveSpeakerOptions options)
    {
        double mean = _count == 0 ? 0 : (double)_sum / _count;
        _sum = 0;
        _count = 0;
        Loudness += (mean - Loudness) * (mean > Loudness ? options.Attack : options.Release);
        if (Loudness >= (IsSpeaking ? options.OffLoudness : options.OnLoudness))
        {
            IsSpeaking = true;
            _loudAt = now;
        }
        else if (IsSpeaking && now - _loudAt >= options.Hold)
        {
            IsSpeaking = false;
        }
    }
}
