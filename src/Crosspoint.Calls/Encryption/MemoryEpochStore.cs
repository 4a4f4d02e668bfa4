using System.Collections.Concurrent;

namespace Crosspoint.Calls.Encryption;

/// <summary>Keeps records for as long as the process lives: for development, and for tests.</summary>
/// <remarks>Any thread.</remarks>
public sealed class MemoryEpochStore : IEpochStore
{
    private readonly ConcurrentDictionary<string, EpochRecord> _records = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public EpochRecord? Read(string roomId) => _records.GetValueOrDefault(roomId);

    /// <inheritdoc/>
    public void Write(EpochRecord record) => _records[record.RoomId] = record;
}
