namespace Crosspoint.Contracts.Calls;

/// <summary>
/// Who the room looks at: whoever speaks for longer than a word, until somebody else does, through all silence. Sent to everyone when it is somebody
/// else, and to who comes later.
/// </summary>
public sealed record DominantSpeakerPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The audio producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string DeviceId { get; init; }
}
