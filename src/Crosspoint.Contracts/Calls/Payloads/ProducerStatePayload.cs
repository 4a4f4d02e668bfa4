namespace Crosspoint.Contracts.Calls;

/// <summary>A producer was paused or resumed by its sender: PRODUCER_PAUSED, PRODUCER_RESUMED. Sent to everyone else.</summary>
public sealed record ProducerStatePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public required long RoomVersion { get; init; }

    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string PeerDeviceId { get; init; }
}
