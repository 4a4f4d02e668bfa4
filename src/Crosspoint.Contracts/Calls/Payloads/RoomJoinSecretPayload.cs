namespace Crosspoint.Contracts.Calls;

/// <summary>The join token once more, in a frame of its own, as later servers send it.</summary>
public sealed record RoomJoinSecretPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Lets its holder join. Secret.</summary>
    public required string JoinToken { get; init; }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => $"RoomJoinSecretPayload {RoomId}";
}
