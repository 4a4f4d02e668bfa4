using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Answers HELLO.</summary>
public sealed record WelcomePayload
{
    /// <summary>The server's clock, ms since the Unix epoch.</summary>
    public required long ServerTime { get; init; }

    /// <summary>How often the client should PING, in seconds.</summary>
    [Range(5, 60)]
    public required int HeartbeatSec { get; init; }

    /// <summary>Takes this session up again within the grace period. Secret, single use; a new one comes with every WELCOME.</summary>
    [StringLength(2048)]
    public required string ResumeToken { get; init; }

    /// <summary>Present when HELLO asked to resume: whether the old session goes on. If true and it was in a room, a ROOM_SNAPSHOT follows.</summary>
    public bool? Resumed { get; init; }

    /// <summary>What this server does.</summary>
    public required ServerFeatures Features { get; init; }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => "WelcomePayload";
}
