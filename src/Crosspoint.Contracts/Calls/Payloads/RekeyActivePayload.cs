namespace Crosspoint.Contracts.Calls;

/// <summary>Senders switch to the epoch's keys now. Sent to everyone, in profile <c>mls-sframe-v1</c>.</summary>
public sealed record RekeyActivePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The epoch, the room's current one.</summary>
    public required long Epoch { get; init; }

    /// <summary>Members that said they are ready for it.</summary>
    public required int Ready { get; init; }

    /// <summary>Members.</summary>
    public required int Total { get; init; }

    /// <summary>True when the time was up before all were ready; those who were not must catch up.</summary>
    public required bool Forced { get; init; }
}
