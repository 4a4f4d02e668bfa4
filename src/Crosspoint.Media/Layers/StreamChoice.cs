using Crosspoint.Primitives;

namespace Crosspoint.Media.Layers;

/// <summary>
/// Which of a producer's encodings one consumer is to be sent: the highest that is alive and not above what may be sent; when none of those
/// is alive, the lowest that is.
/// </summary>
internal static class StreamChoice
{
    /// <summary>True when a stream that is alive would be the better one.</summary>
    public static bool IsBetter(Instant now, ProducerStream candidate, ProducerStream? current, LayerId target)
    {
        // Where one that may be sent is about to begin, one that is too large would only be in its way.
        bool isAllowed = candidate.Index <= target.Spatial || Best(now, candidate.Producer, target) == candidate;
        return isAllowed && (current is null || Rank(candidate, target) > Rank(current, target) || !current.IsFlowing(now));
    }

    /// <summary>The best that is alive; null when nothing is.</summary>
    public static ProducerStream? Best(Instant now, Producer producer, LayerId target)
    {
        ProducerStream? best = null;
        foreach (ProducerStream stream in producer.Streams)
        {
            if (stream.IsFlowing(now) && (best is null || Rank(stream, target) > Rank(best, target)))
            {
                best = stream;
            }
        }

        return best;
    }

    private static int Rank(ProducerStream stream, LayerId target) => stream.Index <= target.Spatial ? stream.Index : -stream.Index;
}
