namespace Crosspoint.Contracts.Calls;

/// <summary>Second answer to ROOM_JOIN.</summary>
public sealed record E2eePolicyPayload
{
    /// <summary>Whether media is refused before E2EE_READY.</summary>
    public required bool Required { get; init; }

    /// <summary>The current key epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Whether the room expects its members to rekey when someone joins.</summary>
    public required bool RekeyOnJoin { get; init; }

    /// <summary>The room.</summary>
    public string? RoomId { get; init; }

    /// <summary>The key profile in use: <c>epoch-v1</c>.</summary>
    public string? Profile { get; init; }
}
