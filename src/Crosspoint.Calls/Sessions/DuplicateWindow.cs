using System.Diagnostics.CodeAnalysis;
using Crosspoint.Calls.Door;

namespace Crosspoint.Calls.Sessions;

/// <summary>The last message ids a device sent and what became of them, so that a repeated frame gets its first answer and no second effect.</summary>
/// <remarks>
/// A read loop uses it, and a resumed session takes it along while the old loop may still finish its last request: hence the lock. Only frames that were taken in are remembered:
/// one refused for its envelope, its seq or its rate left no trace and may be repeated.
/// </remarks>
public sealed class DuplicateWindow
{
    /// <summary>Ids remembered.</summary>
    public const int Size = 4000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<Outcome>> _outcomes = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>What became of this id, or is about to, when it is remembered.</summary>
    public bool TryGet(string msgId, [NotNullWhen(true)] out Task<Outcome>? outcome)
    {
        lock (_gate)
        {
            return _outcomes.TryGetValue(msgId, out outcome);
        }
    }

    /// <summary>Remembers an id; the oldest beyond <see cref="Size"/> is forgotten.</summary>
    public void Remember(string msgId, Task<Outcome> outcome)
    {
        lock (_gate)
        {
            if (_outcomes.TryAdd(msgId, outcome))
            {
                _order.Enqueue(msgId);
            }
            else
            {
                _outcomes[msgId] = outcome;
            }

            while (_order.Count > Size)
            {
                _outcomes.Remove(_order.Dequeue());
            }
        }
    }
}
