using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>What those who receive want of a room, and what follows from it: who is watched, whom limits hold back, what each network carries anew.</summary>
/// <remarks>One owner: the router. Runs when somebody wants something else, comes or goes; never per packet.</remarks>
internal sealed class RoomWishes(WatchLedger watched)
{
    private readonly VideoLimiter _limiter = new();

    /// <summary>The highest layer a consumer wants; null for all there are.</summary>
    public void SetPreferredLayers(Instant now, Consumer consumer, LayerId? preferred)
    {
        if (consumer.Wish.Preferred != preferred)
        {
            consumer.Wish.Preferred = preferred;
            Note(now, consumer);
        }
    }

    /// <summary>Who goes first on its transport.</summary>
    public void SetPriority(Instant now, Consumer consumer, byte priority)
    {
        if (consumer.Wish.Priority != priority)
        {
            consumer.Wish.Priority = priority;
            Note(now, consumer);
        }
    }

    /// <summary>How many videos a subscriber gets at most.</summary>
    public void SetLimits(Instant now, RouterTransport transport, SubscriberLimits limits)
    {
        transport.Limits = limits;
        _limiter.Apply(now, transport);
    }

    /// <summary>Somebody else spoke last: those who get few videos may get others.</summary>
    public void LimitAnew(Instant now, List<RouterTransport> transports)
    {
        foreach (RouterTransport transport in transports)
        {
            if (transport.Limits.Any)
            {
                _limiter.Apply(now, transport);
            }
        }
    }

    /// <summary>A consumer wants more or less, comes or goes.</summary>
    public void Note(Instant now, Consumer consumer)
    {
        watched.Refresh(now, consumer.Producer);
        if (consumer.Transport.Limits.Any)
        {
            _limiter.Apply(now, consumer.Transport);
        }

        Follow(now, consumer);
    }

    /// <summary>What a consumer is to be sent follows what it wants and what holds it back.</summary>
    public static void Follow(Instant now, Consumer consumer)
    {
        if (consumer.Transport.Downlink is { } downlink)
        {
            downlink.NoteWish(now);
        }
        else if (consumer.State != ConsumerState.Closed && consumer.Wish.Suspension == Suspension.None)
        {
            consumer.SetTarget(now, consumer.Wish.Preferred ?? LayerId.Highest);
        }
    }
}
