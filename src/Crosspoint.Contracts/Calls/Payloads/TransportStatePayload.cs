namespace Crosspoint.Contracts.Calls;

/// <summary>One of this connection's transports changed state.</summary>
public sealed record TransportStatePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The transport.</summary>
    public required string TransportId { get; init; }

    /// <summary>How far it is.</summary>
    public required TransportConnectionState State { get; init; }

    /// <summary>Why, as an enumerated word; empty when there is nothing to tell.</summary>
    public string? Reason { get; init; }
}
