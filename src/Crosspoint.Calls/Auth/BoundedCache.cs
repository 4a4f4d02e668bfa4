using System.Diagnostics.CodeAnalysis;

namespace Crosspoint.Calls.Auth;

/// <summary>A dictionary whose entries end after a fixed time, and which forgets its oldest when full.</summary>
/// <remarks>Any thread; one lock, held for a few instructions.</remarks>
internal sealed class BoundedCache<TKey, TValue>(int capacity, TimeSpan life, TimeProvider time, IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (TValue Value, long At)> _entries = new(comparer);
    private readonly Queue<(TKey Key, long At)> _order = new();

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            bool found = _entries.TryGetValue(key, out (TValue Value, long At) entry) && time.GetElapsedTime(entry.At) < life;
            value = found ? entry.Value : default;
            return found;
        }
    }

    internal void Set(TKey key, TValue value)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _entries[key] = (value, now);
            _order.Enqueue((key, now));
            while (_entries.Count > capacity || (_order.TryPeek(out (TKey Key, long At) oldest) && time.GetElapsedTime(oldest.At, now) >= life))
            {
                (TKey forgotten, long at) = _order.Dequeue();
                if (_entries.TryGetValue(forgotten, out (TValue Value, long At) entry) && entry.At == at)
                {
                    _entries.Remove(forgotten);
                }
            }
        }
    }
}
