using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Tokens;
using Crosspoint.Media.Negotiation;

namespace Crosspoint.Calls.Rooms;

/// <summary>What a room was made to be. Immutable.</summary>
public sealed record RoomPlan
{
    /// <summary>Its id.</summary>
    public required string RoomId { get; init; }

    /// <summary>Its call.</summary>
    public required string CallId { get; init; }

    /// <summary>Who made it; null for a room that made itself (first-revision clients).</summary>
    public string? CreatorUserId { get; init; }

    /// <summary>How one gets in.</summary>
    public required RoomAccess Access { get; init; }

    /// <summary>Named users, the creator among them; empty unless <see cref="RoomAccess.Named"/>.</summary>
    public IReadOnlyList<string> AllowedUserIds { get; init; } = [];

    /// <summary>Most devices.</summary>
    public required int MaxPeers { get; init; }

    /// <summary>Whether media waits for keys.</summary>
    public required bool E2eeRequired { get; init; }

    /// <summary>The profile of its keys.</summary>
    public string Profile { get; init; } = RoomEpoch.Profile;

    /// <summary>What may be sent in it, the preferred one first, in the names of <see cref="CodecPolicy"/>; null for the server's own choice.</summary>
    public IReadOnlyList<string>? Codecs { get; init; }

    /// <summary>Whether this user enters without showing anything.</summary>
    public bool Admits(string userId) => Access == RoomAccess.Open || userId == CreatorUserId || AllowedUserIds.Contains(userId, StringComparer.Ordinal);

    /// <summary>What a token of this room says.</summary>
    public JoinGrant Grant(DateTimeOffset expiresAt) => new()
    {
        RoomId = RoomId,
        CallId = CallId,
        CreatorUserId = CreatorUserId!,
        AllowedUserIds = Access == RoomAccess.Named ? AllowedUserIds : [JoinGrant.Anyone],
        Codecs = Codecs,
        Profile = Profile,
        TokenId = Guid.NewGuid().ToString(),
        ExpiresAt = expiresAt,
    };
}

/// <summary>How one gets into a room.</summary>
public enum RoomAccess
{
    /// <summary>The creator and the users they named; others never, token or not.</summary>
    Named,

    /// <summary>The creator, and whoever holds the token they pass on: a room link.</summary>
    Link,

    /// <summary>Every authenticated user (first revision; not in production).</summary>
    Open,
}
