using Crosspoint.Primitives;

namespace Crosspoint.Media.Layers;

/// <summary>
/// Which of a producer's encodings one consumer is to be sent: the highest that flows and is not above what may be sent; when none of
/// those is alive any more, the lowest that flows.
/// </summary>
internal static class StreamChoice
{
    /// <summary>True when a stream that is alive would be the better one.</summary>
    public static bool IsBetter(Instant now, ProducerStream candidate, ProducerStream? current, LayerId target)
    {
        // Where one that may be sent is about to begin or to go on, one that is too large would only be in its way.
        bool isAllowed = candidate.Index <= target.Spatial || Best(now, candidate.Producer, target) == candidate;
        return isAllowed && (current is null || Rank(candidate, target) > Rank(current, target) || !current.IsFlowing(now));
    }

    /// <summary>The best there is; null when nothing is alive.</summary>
    public static ProducerStream? Best(Instant now, Producer producer, LayerId target)
    {
        ProducerStream? best = null;
        ProducerStream? waiting = null;
        foreach (ProducerStream stream in producer.Streams)
        {
            if (stream.IsFlowing(now))
            {
                best = best is null || Rank(stream, target) > Rank(best, target) ? stream : best;
            }
            else if (stream.Index <= target.Spatial && stream.MayGoOn(now))
            {
                waiting = stream;
            }
        }

        // An encoder that saves up after a keyframe has not switched the small one off, and the large one does not fit.
        return best is null || best.Index > target.Spatial ? waiting ?? best : best;
    }

    /// <summary>True for the one to go on with where another falls silent: the highest below it that flows.</summary>
    public static bool IsNext(Instant now, ProducerStream candidate, ProducerStream silent)
    {
        for (int index = silent.Index - 1; index > candidate.Index; index--)
        {
            if (silent.Producer.Streams[index].IsFlowing(now))
            {
                return false;
            }
        }

        return candidate.Index < silent.Index && candidate.IsFlowing(now);
    }

    private static int Rank(ProducerStream stream, LayerId target) => stream.Index <= target.Spatial ? stream.Index : -stream.Index;
}
