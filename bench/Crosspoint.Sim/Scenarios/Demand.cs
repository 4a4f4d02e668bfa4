using Crosspoint.Primitives;
using Crosspoint.Sim.Publish;

namespace Crosspoint.Sim.Scenarios;

/// <summary>How much a source has to give, in bit/s on the wire, so that nobody is blamed for not sending what is not there.</summary>
internal static class Demand
{
    /// <summary>One Opus track: 32 kbit/s and fifty headers a second.</summary>
    public const double Audio = 32_000 + (50 * 8 * 68);

    /// <summary>The best of a track: of simulcast the highest encoding that is on, of spatial layers all.</summary>
    public static double Of(Track track)
    {
        if (track.Encoder is not { } encoder || track.IsMuted)
        {
            return 0;
        }

        IEnumerable<Bitrate> on = encoder.Rates.Where(rate => rate > Bitrate.Zero);
        double bits = track.Shape!.IsSimulcast ? on.Max(rate => rate.BitsPerSecond) : on.Sum(rate => rate.BitsPerSecond);
        return bits * 1.07; // Headers of packets of about a thousand bytes.
    }

    /// <summary>All that a publisher could send if nothing held it back.</summary>
    public static double Of(Publisher publisher) =>
        publisher.Tracks.Where(track => track.IsVideo && !track.IsMuted).Sum(track => track.Shape!.Max.BitsPerSecond * 1.07)
        + (publisher.Tracks.Any(track => !track.IsVideo) ? Audio : 0);
}
