namespace Crosspoint.Contracts.Calls;

/// <summary>A rekey that was begun is given up; the epoch stays. Sent to everyone.</summary>
public sealed record RekeyAbortPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The epoch it was to lead to.</summary>
    public required long AttemptedEpoch { get; init; }

    /// <summary><c>TIMEOUT</c> or <c>LEADER_LOST</c>.</summary>
    public required string Reason { get; init; }
}
