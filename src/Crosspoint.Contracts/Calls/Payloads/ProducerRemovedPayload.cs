namespace Crosspoint.Contracts.Calls;

/// <summary>A producer ended. Sent to everyone else; its sender gets it too when it did not ask for it.</summary>
public sealed record ProducerRemovedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public required long RoomVersion { get; init; }

    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sent it.</summary>
    public required string PeerDeviceId { get; init; }

    /// <summary>Why.</summary>
    public required ProducerRemovedReason Reason { get; init; }
}
