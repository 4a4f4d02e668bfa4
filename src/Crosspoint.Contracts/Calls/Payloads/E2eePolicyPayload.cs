namespace Crosspoint.Contracts.Calls;

/// <summary>Second answer to ROOM_JOIN; in profile <c>mls-sframe-v1</c> also after a resume, and when the room begins a new group.</summary>
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

    /// <summary>The key profile in use: <c>epoch-v1</c> or <c>mls-sframe-v1</c>.</summary>
    [KnownWords("epoch-v1", "mls-sframe-v1")]
    public string? Profile { get; init; }

    /// <summary>More about it, in profile <c>mls-sframe-v1</c>.</summary>
    public MlsPolicy? Mls { get; init; }
}
