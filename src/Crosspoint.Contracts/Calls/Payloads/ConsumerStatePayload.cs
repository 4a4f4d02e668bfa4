namespace Crosspoint.Contracts.Calls;

/// <summary>The server stopped or restarted forwarding to a consumer, for a reason of its own. Sent to the connection that consumes.</summary>
public sealed record ConsumerStatePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The consumer.</summary>
    public required string ConsumerId { get; init; }

    /// <summary>What it consumes.</summary>
    public required string ProducerId { get; init; }

    /// <summary>How it stands: <c>starved</c> while the server holds it back, <c>active</c> when it goes on.</summary>
    public required ConsumerState State { get; init; }

    /// <summary>Why it is held back; absent when it is not.</summary>
    public ConsumerStarvedReason? Reason { get; init; }
}
