using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>Which spatial layer of each video somebody in the room wants, and when its sender is to be told.</summary>
/// <remarks>One owner: the router's thread. A wish costs a walk over those who consume the track.</remarks>
internal sealed class WatchLedger(Queue<RouterEvent> events)
{
    // What a sender believes before it is told anything.
    private const int All = int.MaxValue;

    private readonly DeadlineHeap<Producer> _deadlines = new(4);

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant NextTimeout => _deadlines.Next;

    /// <summary>Somebody wants more or less of a track, came or went.</summary>
    public void Refresh(Instant now, Producer producer)
    {
        if (!producer.IsVideo || producer.IsClosed)
        {
            return;
        }

        if (producer.Watched.Update(now, Wanted(producer)))
        {
            Tell(producer);
        }

        _deadlines.Set(producer, producer.Watched.NextTimeout);
    }

    /// <summary>Tells what stayed so for long enough.</summary>
    public void HandleTimeout(Instant now)
    {
        while (_deadlines.TryPop(now, out Producer producer))
        {
            if (producer.Watched.HandleTimeout(now))
            {
                Tell(producer);
            }
        }
    }

    /// <summary>The track is no more.</summary>
    public void Forget(Producer producer) => _deadlines.Remove(producer);

    // Who gets nothing for want of bandwidth still wants it: were it not sent, nobody would know what it costs.
    private static int Wanted(Producer producer)
    {
        int wanted = -1;
        foreach (Consumer consumer in producer.Consumers)
        {
            bool wants = consumer.State is not (ConsumerState.Paused or ConsumerState.Closed)
                && consumer.Wish.Suspension is Suspension.None or Suspension.Bandwidth;
            if (wants)
            {
                wanted = Math.Max(wanted, consumer.Wish.Preferred?.Spatial ?? All);
            }
        }

        // How many layers one stream has shows only when it comes: of it, all are wanted until somebody wants less.
        return producer.Streams.Length > 1 ? Math.Min(wanted, producer.SpatialCount - 1) : wanted;
    }

    private void Tell(Producer producer)
    {
        int told = Math.Min(producer.Watched.Told, producer.SpatialCount - 1);

        // One layer from another router may be the best of several there.
        int highest = producer.Plan.IsRelayed && producer.SpatialCount == 1 ? LayerId.Highest.Spatial : told;
        events.Enqueue(new RouterEvent { Kind = RouterEventKind.WatchedLayersChanged, Producer = producer, WatchedSpatial = told < 0 ? null : highest });
    }
}
