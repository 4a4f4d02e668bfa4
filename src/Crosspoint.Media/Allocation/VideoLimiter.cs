using Crosspoint.Media.Plans;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>
/// Holds subscribers to their <see cref="SubscriberLimits"/>: which of its videos each gets, by priority and by who spoke last, whatever its
/// network carries.
/// </summary>
/// <remarks>One owner: the router's thread. Runs when somebody speaks, or when a subscriber wants something else; never per packet.</remarks>
internal sealed class VideoLimiter
{
    private readonly List<Consumer> _videos = [];

    /// <summary>Judges all videos of a transport anew; those whose suspension changed are in the answer until the next call.</summary>
    public void Apply(Instant now, RouterTransport transport)
    {
        Collect(transport);
        SubscriberLimits limits = transport.Limits;
        int people = 0;
        int videos = 0;
        for (int i = 0; i < _videos.Count; i++)
        {
            Consumer consumer = _videos[i];
            bool isPinned = consumer.Priority > ConsumerWish.DefaultPriority;
            bool isNew = !isPinned && !HasPersonBefore(i);
            people += isNew ? 1 : 0;
            Suspension suspension = !isPinned && people > limits.LastN ? Suspension.LastN
                : videos >= limits.MaxVideo ? Suspension.MaxVideo
                : Suspension.None;
            videos += suspension == Suspension.None ? 1 : 0;
            Set(now, consumer, suspension);
        }

        _videos.Clear();
    }

    private void Collect(RouterTransport transport)
    {
        foreach (Consumer consumer in transport.ConsumerList)
        {
            if (consumer.Producer.IsVideo && consumer.State is not (ConsumerState.Paused or ConsumerState.Closed))
            {
                _videos.Add(consumer);
            }
        }

        // Stable: those who never spoke stay in the order in which they were consumed.
        for (int i = 1; i < _videos.Count; i++)
        {
            for (int j = i; j > 0 && IsBefore(_videos[j], _videos[j - 1]); j--)
            {
                (_videos[j], _videos[j - 1]) = (_videos[j - 1], _videos[j]);
            }
        }
    }

    private static bool IsBefore(Consumer left, Consumer right) =>
        left.Priority != right.Priority ? left.Priority > right.Priority : left.Producer.SpokeAt > right.Producer.SpokeAt;

    // Camera and screen of one person are two videos and one of the last N.
    private bool HasPersonBefore(int index)
    {
        ReadOnlySpan<byte> name = _videos[index].Plan.CanonicalName.Span;
        for (int i = 0; i < index; i++)
        {
            ConsumerPlan other = _videos[i].Plan;
            if (_videos[i].Priority <= ConsumerWish.DefaultPriority && other.CanonicalName.Span.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static void Set(Instant now, Consumer consumer, Suspension suspension)
    {
        Suspension before = consumer.Wish.Suspension;
        bool wasLimited = before is Suspension.LastN or Suspension.MaxVideo;
        if (suspension == before || (suspension == Suspension.None && !wasLimited))
        {
            return;
        }

        consumer.Wish.Suspension = suspension;
        Router router = consumer.Transport.Router;
        if (suspension != Suspension.None)
        {
            consumer.Wish.Given = null;
            consumer.SetTarget(now, null);
        }

        router.Raise(new RouterEvent { Kind = RouterEventKind.Limited, Consumer = consumer, Suspension = suspension });
        router.Watched.Refresh(now, consumer.Producer);
        RoomWishes.Follow(now, consumer);
    }
}
