using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Rooms;

/// <summary>The rooms of this node.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class RoomDirectory(RoomContext context)
{
    // given to me
    private readonly RoomContext _context = context;

    // state
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    internal int Count => _rooms.Count;

    internal IEnumerable<Room> All => _rooms.Values;

    internal Room? Find(string roomId) => _rooms.GetValueOrDefault(roomId);

    /// <summary>The room of that id, made by the plan when there is none; null when the node has no place for another.</summary>
    internal Room? GetOrCreate(RoomPlan plan, out bool created)
    {
        created = false;
        lock (_gate)
        {
            if (_rooms.TryGetValue(plan.RoomId, out Room? existing))
            {
                return existing;
            }

            if (_rooms.Count >= _context.Options.Limits.Rooms)
            {
                return null;
            }

            created = true;
            return _rooms[plan.RoomId] = new Room(plan, _context, Forget);
        }
    }

    /// <summary>Ends every room, for at most <paramref name="limit"/>: a media worker that hangs must not keep the process alive.</summary>
    internal async Task CloseAllAsync(TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(_rooms.Values.Select(CloseAsync)).WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            _context.Log.LogWarning("{Rooms} rooms did not end within {Seconds} s and are cut off", _rooms.Count, limit.TotalSeconds);
        }
    }

    // A room that fails to end keeps neither the others from ending nor whatever ends after the rooms.
    private async Task CloseAsync(Room room)
    {
        try
        {
            await room.CloseAsync();
        }
        catch (Exception exception)
        {
            _context.Metrics.InternalError("room");
            _context.Log.LogError(exception, "Room {RoomId} failed to end", room.Id);
        }
    }

    private void Forget(Room room) => _rooms.TryRemove(KeyValuePair.Create(room.Id, room));
}
