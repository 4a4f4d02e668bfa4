namespace Crosspoint.Calls.Tokens;

/// <summary>What a join token says: these users may enter this room until then.</summary>
public sealed record JoinGrant
{
    /// <summary>Means every authenticated user: a link.</summary>
    public const string Anyone = "*";

    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Its call.</summary>
    public required string CallId { get; init; }

    /// <summary>Who created the room.</summary>
    public required string CreatorUserId { get; init; }

    /// <summary>Who may enter; a single <see cref="Anyone"/> is everybody.</summary>
    public required IReadOnlyList<string> AllowedUserIds { get; init; }

    /// <summary>What may be sent in the room, so that one that is made again is what it was; null for the server's own choice.</summary>
    public IReadOnlyList<string>? Codecs { get; init; }

    /// <summary>The profile of the room's keys, so that one that is made again has no lesser one; null for the server's own choice.</summary>
    public string? Profile { get; init; }

    /// <summary>The token's own id.</summary>
    public required string TokenId { get; init; }

    /// <summary>End of the grant.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>True when this user is meant.</summary>
    public bool Allows(string userId) => AllowedUserIds.Contains(userId, StringComparer.Ordinal) || AllowedUserIds.Contains(Anyone, StringComparer.Ordinal);
}

/// <summary>Why a join token was refused; also a metric label.</summary>
public enum JoinTokenRefusal
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Not a join token.</summary>
    Malformed,

    /// <summary>Not signed by us.</summary>
    BadSignature,

    /// <summary>Too late.</summary>
    Expired,

    /// <summary>For another room.</summary>
    WrongRoom,

    /// <summary>For somebody else.</summary>
    WrongUser,
}
