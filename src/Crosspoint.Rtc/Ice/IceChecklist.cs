namespace Crosspoint.Rtc.Ice;

/// <summary>
/// The checklist of one data stream (RFC 8445 §6.1.2): pairs by descending priority, which to check next, and the triggered-check queue.
/// </summary>
/// <remarks>Owned by one generation of one agent.</remarks>
internal sealed class IceChecklist(int maxPairs)
{
    private readonly List<IceCandidatePair> _pairs = [];
    private readonly Queue<IceCandidatePair> _triggered = new();

    public IReadOnlyList<IceCandidatePair> Pairs => _pairs;

    public int PendingCount
    {
        get
        {
            int count = 0;
            foreach (IceCandidatePair pair in _pairs)
            {
                count += pair.State is IceCandidatePairState.Waiting or IceCandidatePairState.InProgress ? 1 : 0;
            }

            return count;
        }
    }

    public bool HasTriggered => _triggered.Count > 0;

    public IceCandidatePair? Find(IcePath path)
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            if (pair.Path == path)
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>Adds by priority. A full list gives up its lowest pair when that one is lower, still untouched and not wanted; otherwise the new pair is refused.</summary>
    public bool TryAdd(IceCandidatePair pair, IceRole role)
    {
        pair.Priority = PriorityOf(pair, role);
        if (_pairs.Count >= maxPairs && !TryMakeRoom(pair.Priority))
        {
            return false;
        }

        int at = 0;
        while (at < _pairs.Count && _pairs[at].Priority >= pair.Priority)
        {
            at++;
        }

        _pairs.Insert(at, pair);
        return true;
    }

    public void Remove(IceCandidatePair pair) => _pairs.Remove(pair);

    /// <summary>Priorities depend on who controls; a role switch turns them round (RFC 8445 §7.3.1.1).</summary>
    public void Reprioritize(IceRole role)
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            pair.Priority = PriorityOf(pair, role);
        }

        _pairs.Sort(static (a, b) => b.Priority.CompareTo(a.Priority));
    }

    public void Trigger(IceCandidatePair pair)
    {
        if (!_triggered.Contains(pair))
        {
            _triggered.Enqueue(pair);
        }
    }

    public void ClearTriggered() => _triggered.Clear();

    /// <summary>The next pair to check: triggered first, then waiting, then frozen (RFC 8445 §6.1.4.2). Null when there is none.</summary>
    public IceCandidatePair? Next(bool ordinary)
    {
        while (_triggered.TryDequeue(out IceCandidatePair? triggered))
        {
            if (triggered.State != IceCandidatePairState.Failed)
            {
                return triggered;
            }
        }

        return ordinary ? NextOrdinary() : null;
    }

    public bool HasNext(bool ordinary) => HasTriggered || (ordinary && NextOrdinary() is not null);

    /// <summary>A pair worked: others of its foundation probably will (RFC 8445 §7.2.5.3.3).</summary>
    public void Unfreeze(IceCandidatePair like)
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            if (pair.State == IceCandidatePairState.Frozen && pair.HasFoundationOf(like))
            {
                pair.MoveTo(IceCandidatePairState.Waiting);
            }
        }
    }

    /// <summary>Everything that is not being checked becomes worth a check again, because the selected pair went silent.</summary>
    public void Revive()
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            if (pair.State is IceCandidatePairState.Failed or IceCandidatePairState.Succeeded or IceCandidatePairState.Frozen)
            {
                pair.MoveTo(IceCandidatePairState.Waiting);
            }
        }
    }

    public IceCandidatePair? BestSucceeded()
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            if (pair.State == IceCandidatePairState.Succeeded)
            {
                return pair;
            }
        }

        return null;
    }

    public bool HasPendingAbove(ulong priority)
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            if (pair.IsPending && pair.CanSendChecks && pair.Priority > priority)
            {
                return true;
            }
        }

        return false;
    }

    private IceCandidatePair? NextOrdinary()
    {
        IceCandidatePair? frozen = null;
        foreach (IceCandidatePair pair in _pairs)
        {
            if (!pair.CanSendChecks)
            {
                continue;
            }

            if (pair.State == IceCandidatePairState.Waiting)
            {
                return pair;
            }

            if (frozen is null && pair.State == IceCandidatePairState.Frozen && !IsFoundationBusy(pair))
            {
                frozen = pair;
            }
        }

        return frozen;
    }

    private bool IsFoundationBusy(IceCandidatePair like)
    {
        foreach (IceCandidatePair pair in _pairs)
        {
            if (pair.State is IceCandidatePairState.Waiting or IceCandidatePairState.InProgress && pair.HasFoundationOf(like))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryMakeRoom(ulong priority)
    {
        IceCandidatePair last = _pairs[^1];
        bool room = last.Priority < priority && last is { State: IceCandidatePairState.Frozen or IceCandidatePairState.Failed, IsValidated: false };
        if (room)
        {
            _pairs.RemoveAt(_pairs.Count - 1);
        }

        return room;
    }

    private static ulong PriorityOf(IceCandidatePair pair, IceRole role) => role == IceRole.Controlling
        ? IcePriority.OfPair(pair.Local.Priority, pair.Remote.Priority)
        : IcePriority.OfPair(pair.Remote.Priority, pair.Local.Priority);
}
