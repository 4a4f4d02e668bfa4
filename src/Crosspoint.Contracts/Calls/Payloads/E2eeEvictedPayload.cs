namespace Crosspoint.Contracts.Calls;

/// <summary>This device is put out of the room's keys: its media is cut, and it will be removed from the group. It stays in the room and may come back by E2EE_SYNC.</summary>
public sealed record E2eeEvictedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The room's current epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why: <c>lagging</c> (it did not become ready in time), <c>fault</c> (most members could not process its commit).</summary>
    [KnownWords("lagging", "fault")]
    public required string Reason { get; init; }

    /// <summary>How long E2EE_SYNC will be refused, in ms; absent when it may come back at once.</summary>
    public long? RetryAfterMs { get; init; }
}
