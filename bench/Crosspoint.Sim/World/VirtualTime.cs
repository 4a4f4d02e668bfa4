using Crosspoint.Primitives;

namespace Crosspoint.Sim.World;

/// <summary>Somebody in the simulation who has things to do at times of his own.</summary>
internal abstract class Actor
{
    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public abstract Instant NextTimeout { get; }

    /// <summary>For the clock: when it is going to call.</summary>
    internal Instant ArmedAt { get; set; } = Instant.Never;

    /// <summary>Does what is due.</summary>
    public abstract void HandleTimeout(Instant now);
}

/// <summary>The one clock of a simulation: calls actors in the order of their times, and of one time in the order in which they asked.</summary>
internal sealed class VirtualTime
{
    private const int MaxCallsAtOnce = 1_000_000;

    private readonly PriorityQueue<(Actor? Actor, Action<Instant>? Action), (long At, long Order)> _queue = new();
    private long _order;
    private int _callsNow;

    /// <summary>The present.</summary>
    public Instant Now { get; private set; }

    /// <summary>Has an actor called at its time; to be repeated whenever that time may have come nearer.</summary>
    public void Arm(Actor actor)
    {
        Instant next = actor.NextTimeout;
        if (next < actor.ArmedAt)
        {
            actor.ArmedAt = Instant.Max(next, Now);
            _queue.Enqueue((actor, null), (actor.ArmedAt.Ticks, _order++));
        }
    }

    /// <summary>Does something once.</summary>
    public void At(Instant at, Action<Instant> action) => _queue.Enqueue((null, action), (at.Ticks, _order++));

    /// <summary>Lets time pass.</summary>
    public void RunUntil(Instant end)
    {
        while (_queue.TryPeek(out (Actor? Actor, Action<Instant>? Action) next, out (long At, long Order) key) && key.At <= end.Ticks)
        {
            _queue.Dequeue();
            Instant at = new(key.At);
            Step(at, next.Actor);
            if (next.Action is { } action)
            {
                action(Now);
            }
            else if (next.Actor!.ArmedAt == at)
            {
                // Otherwise it has been called earlier than that, and this is what is left of an older wish.
                next.Actor.ArmedAt = Instant.Never;
                next.Actor.HandleTimeout(Now);
                Arm(next.Actor);
            }
        }

        Now = end;
    }

    // Somebody who is due again as soon as he has been called would stop the world.
    private void Step(Instant at, Actor? actor)
    {
        _callsNow = at > Now ? 0 : _callsNow + 1;
        Now = Instant.Max(Now, at);
        if (_callsNow > MaxCallsAtOnce)
        {
            throw new InvalidOperationException($"Time stands still at {Now}: {actor} is due at {actor?.NextTimeout}.");
        }
    }
}
