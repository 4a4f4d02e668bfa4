using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Makes a room, or names an existing one (idempotent). Answered by ROOM_CREATED and, for its creator, ROOM_JOIN_SECRET.</summary>
public sealed record RoomCreatePayload
{
    /// <summary>The room; made up when absent.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The call; the room's id when absent.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? CallId { get; init; }

    /// <summary>The region the caller would like.</summary>
    [StringLength(32)]
    public string? PreferredRegion { get; init; }

    /// <summary>Users who may join besides the creator; absent means whoever holds the join token.</summary>
    [MaxLength(1000)]
    public IReadOnlyList<string>? AllowedUserIds { get; init; }

    /// <summary>Most peers in the room; the server's limit still holds.</summary>
    [Range(2, 10_000)]
    public int? MaxPeers { get; init; }

    /// <summary>Asks for end-to-end encryption where the server does not demand it; cannot switch it off.</summary>
    public bool? E2eeRequired { get; init; }

    /// <summary>The key profile: <c>epoch-v1</c> or <c>mls-sframe-v1</c>, which switches encryption on; absent for the server's own choice, which it cannot lower (<c>CALLS_E2EE_PROFILE</c>).</summary>
    [StringLength(32)]
    [KnownWords("epoch-v1", "mls-sframe-v1")]
    public string? E2eeProfile { get; init; }

    /// <summary>
    /// What may be sent in the room, the preferred one first: some of <c>opus</c>, <c>red</c>, <c>vp8</c>, <c>vp9</c>, <c>h264</c>, <c>av1</c>,
    /// <c>flexfec-03</c>; absent for the server's own choice (<c>CALLS_CODECS</c>). Who makes the room decides; for one that exists it is ignored.
    /// </summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Codecs { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement? Metadata { get; init; }
}
