using Crosspoint.Primitives;

namespace Crosspoint.Calls.Limits;

/// <summary>Who comes in when: a burst at once, then one an interval; two lines, first come first served in each.</summary>
/// <remarks>
/// Time is an argument; one owner at a time. Nothing here takes longer with more who wait.
/// Those who come back go first, but after <see cref="InARow"/> of them a newcomer does, so that saying "I was here" cannot lock anybody out.
/// </remarks>
internal sealed class JoinQueue<T>(JoinPlan plan)
{
    /// <summary>How many of those who come back go before a newcomer who waits.</summary>
    internal const int InARow = 3;

    private readonly LinkedList<T>[] _lines = [new(), new()];

    // The bucket is full at this instant; it may be at most a burst ahead.
    private Instant _fullAt;
    private int _inARow;

    /// <summary>How many wait in a line.</summary>
    internal int Waiting(JoinLane lane) => _lines[(int)lane].Count;

    /// <summary>When the first in line may come in; never when nobody waits.</summary>
    internal Instant NextTimeout => Count == 0 ? Instant.Never : NextToken;

    private int Count => _lines[0].Count + _lines[1].Count;

    private Instant NextToken => _fullAt - (plan.Interval * (plan.Burst - 1));

    /// <summary>Somebody wants in.</summary>
    /// <param name="now">When.</param>
    /// <param name="lane">As what.</param>
    /// <param name="waiter">Given back by <see cref="TryTake"/>.</param>
    /// <param name="ticket">Their place, when they wait.</param>
    /// <remarks>Newcomers are refused when the place is full, those who come back only when it is full of their kind.</remarks>
    internal JoinVerdict Enter(Instant now, JoinLane lane, T waiter, out LinkedListNode<T>? ticket)
    {
        ticket = null;
        if (Count == 0 && TrySpend(now))
        {
            return JoinVerdict.Admitted;
        }

        if ((lane == JoinLane.Returning ? Waiting(lane) : Count) >= plan.MaxWaiting)
        {
            return JoinVerdict.Refused;
        }

        ticket = _lines[(int)lane].AddLast(waiter);
        return JoinVerdict.Waiting;
    }

    /// <summary>The next one to come in, if it is time.</summary>
    internal bool TryTake(Instant now, out T waiter)
    {
        if (Count == 0 || !TrySpend(now))
        {
            waiter = default!;
            return false;
        }

        waiter = TakeFirst();
        return true;
    }

    /// <summary>Lets the next one in whatever the time.</summary>
    internal bool TryTakeAnyway(out T waiter)
    {
        bool any = Count > 0;
        waiter = any ? TakeFirst() : default!;
        return any;
    }

    /// <summary>Somebody does not want in any more; false when they are not in line.</summary>
    internal bool Leave(LinkedListNode<T> ticket)
    {
        if (ticket.List is not { } line)
        {
            return false;
        }

        line.Remove(ticket);
        return true;
    }

    private T TakeFirst()
    {
        bool newcomer = Waiting(JoinLane.Returning) == 0 || (_inARow >= InARow && Waiting(JoinLane.Newcomer) > 0);
        _inARow = newcomer ? 0 : _inARow + 1;
        LinkedList<T> line = _lines[(int)(newcomer ? JoinLane.Newcomer : JoinLane.Returning)];
        T waiter = line.First!.Value;
        line.RemoveFirst();
        return waiter;
    }

    private bool TrySpend(Instant now)
    {
        if (now < NextToken)
        {
            return false;
        }

        _fullAt = Instant.Max(_fullAt, now) + plan.Interval;
        return true;
    }
}
