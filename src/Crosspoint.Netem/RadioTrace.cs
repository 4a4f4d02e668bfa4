using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>
/// Makes rates that move like those of a phone in a moving car: a walk that is drawn back to its mean, deep fades of a few seconds,
/// and short outages of a handover. Generated from a seed; no recording of anybody's network is in it.
/// </summary>
public static class RadioTrace
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>A trace that begins again after <paramref name="length"/>.</summary>
    /// <param name="seed">Which one.</param>
    /// <param name="mean">What the walk is drawn back to.</param>
    /// <param name="lowest">It never carries less, outages aside.</param>
    /// <param name="length">A multiple of 200 ms.</param>
    /// <param name="fades">Per step of 200 ms.</param>
    /// <param name="outages">Per step of 200 ms.</param>
    public static RatePlan Generate(long seed, Bitrate mean, Bitrate lowest, TimeSpan length, Chance fades, Chance outages)
    {
        LinkRandom random = new(seed, 7);
        List<RateStep> steps = [];
        long rate = mean.BitsPerSecond;
        int fading = 0;
        for (TimeSpan at = TimeSpan.Zero; at < length; at += Step)
        {
            // A fifth of the way back, and up to a quarter to either side.
            rate += ((mean.BitsPerSecond - rate) / 5) + random.Bell(rate / 2);
            fading = fading > 0 ? fading - 1 : random.Hits(fades) ? (int)random.Between(5, 20) : 0;
            long now = Math.Max(lowest.BitsPerSecond, fading > 0 ? rate / 4 : rate);
            steps.Add(new RateStep(at, random.Hits(outages) ? Bitrate.Zero : new Bitrate(now)));
        }

        return new RatePlan(steps, length);
    }
}
