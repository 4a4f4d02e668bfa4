using Crosspoint.Primitives;

namespace Crosspoint.Media.Speakers;

/// <summary>Keeps at each track when its person was last the one whom the room looked at. Tracks of one person have one canonical name (RFC 7022 §4.1).</summary>
internal static class LastSpoken
{
    /// <summary>The room looks at somebody.</summary>
    public static void Note(Instant now, List<RouterTransport> transports, ReadOnlySpan<byte> canonicalName)
    {
        foreach (RouterTransport transport in transports)
        {
            foreach (Producer producer in transport.ProducerList)
            {
                if (producer.Plan.CanonicalName.Span.SequenceEqual(canonicalName))
                {
                    producer.SpokeAt = now;
                }
            }
        }
    }

    /// <summary>A video may begin later than the voice of its person.</summary>
    public static void TakeOver(List<RouterTransport> transports, Producer producer)
    {
        foreach (RouterTransport transport in transports)
        {
            foreach (Producer other in transport.ProducerList)
            {
                if (other.SpokeAt > producer.SpokeAt && other.Plan.CanonicalName.Span.SequenceEqual(producer.Plan.CanonicalName.Span))
                {
                    producer.SpokeAt = other.SpokeAt;
                }
            }
        }
    }
}
