namespace Crosspoint.Contracts.Calls;

/// <summary>A consumer of this connection ended without its asking.</summary>
public sealed record ConsumerClosedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The consumer.</summary>
    public required string ConsumerId { get; init; }

    /// <summary>What it consumed.</summary>
    public string? ProducerId { get; init; }

    /// <summary>Why.</summary>
    public required ConsumerClosedReason Reason { get; init; }
}
