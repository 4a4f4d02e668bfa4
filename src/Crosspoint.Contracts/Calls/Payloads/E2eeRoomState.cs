namespace Crosspoint.Contracts.Calls;

/// <summary>The encryption state of a room.</summary>
public sealed record E2eeRoomState
{
    /// <summary>Whether media is refused before E2EE_READY.</summary>
    public required bool Required { get; init; }

    /// <summary>The current key epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The device that has been here longest; empty when nobody is.</summary>
    public required string LeaderDeviceId { get; init; }

    /// <summary>Devices whose keys a member needs.</summary>
    public required IReadOnlyList<string> ExpectedSenderDevices { get; init; }

    /// <summary>Always empty in profile <c>epoch-v1</c>.</summary>
    public required IReadOnlyList<string> MissingSenderKeys { get; init; }
}
