namespace Crosspoint.Primitives;

/// <summary>
/// The earliest of many deadlines: a binary heap with the index kept in the items.
/// Setting, moving and removing cost O(log n) and allocate nothing but the array's growth.
/// </summary>
/// <remarks>One owner thread. An item may be in one heap only.</remarks>
/// <typeparam name="T">What waits.</typeparam>
public sealed class DeadlineHeap<T>
    where T : class, IDeadline
{
    private (Instant At, T Item)[] _entries;
    private int _count;

    /// <summary>Begins empty.</summary>
    /// <param name="capacity">Items that fit before it grows, at least 1.</param>
    public DeadlineHeap(int capacity = 64) => _entries = new (Instant, T)[capacity];

    /// <summary>How many items wait.</summary>
    public int Count => _count;

    /// <summary>When the first item wants to be woken; <see cref="Instant.Never"/> when none does.</summary>
    public Instant Next => _count == 0 ? Instant.Never : _entries[0].At;

    /// <summary>Sets or moves an item's deadline; <see cref="Instant.Never"/> removes it.</summary>
    public void Set(T item, Instant at)
    {
        int index = item.HeapIndex;
        if (at.IsNever)
        {
            Remove(item);
            return;
        }

        if (index < 0)
        {
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, _count * 2);
            }

            index = _count++;
            Place(index, (at, item));
            SiftUp(index);
            return;
        }

        Instant before = _entries[index].At;
        _entries[index].At = at;
        if (at < before)
        {
            SiftUp(index);
        }
        else if (at > before)
        {
            SiftDown(index);
        }
    }

    /// <summary>Wakes an item at a moment unless it is woken before.</summary>
    public void Advance(T item, Instant at)
    {
        int index = item.HeapIndex;
        if (index < 0 || at < _entries[index].At)
        {
            Set(item, at);
        }
    }

    /// <summary>Removes an item; nothing happens when it is not there.</summary>
    public void Remove(T item)
    {
        int index = item.HeapIndex;
        if (index < 0)
        {
            return;
        }

        item.HeapIndex = -1;
        (Instant At, T Item) last = _entries[--_count];
        _entries[_count] = default;
        if (index == _count)
        {
            return;
        }

        Place(index, last);
        SiftUp(index);
        SiftDown(last.Item.HeapIndex);
    }

    /// <summary>Takes the first item if its deadline has come.</summary>
    public bool TryPop(Instant now, out T item)
    {
        if (_count == 0 || _entries[0].At > now)
        {
            item = null!;
            return false;
        }

        item = _entries[0].Item;
        Remove(item);
        return true;
    }

    private void SiftUp(int index)
    {
        (Instant At, T Item) entry = _entries[index];
        while (index > 0)
        {
            int parent = (index - 1) / 2;
            if (_entries[parent].At <= entry.At)
            {
                break;
            }

            Place(index, _entries[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void SiftDown(int index)
    {
        (Instant At, T Item) entry = _entries[index];
        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _entries[child + 1].At < _entries[child].At)
            {
                child++;
            }

            if (_entries[child].At >= entry.At)
            {
                break;
            }

            Place(index, _entries[child]);
            index = child;
        }

        Place(index, entry);
    }

    private void Place(int index, (Instant At, T Item) entry)
    {
        _entries[index] = entry;
        entry.Item.HeapIndex = index;
    }
}
