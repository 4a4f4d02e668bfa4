using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Calls;

/// <summary>Facts about an error that a program may use.</summary>
public sealed record ErrorDetails
{
    /// <summary>No facts.</summary>
    [JsonIgnore]
    public static ErrorDetails None { get; } = new();

    /// <summary>The room's current epoch, with E2EE_NOT_READY and E2EE_EPOCH_MISMATCH.</summary>
    public long? ExpectedEpoch { get; init; }

    /// <summary>The path of the offending field, with VALIDATION_FAILED.</summary>
    [StringLength(256)]
    public string? Field { get; init; }

    /// <summary>When to try again, in ms, with RATE_LIMITED, NODE_FULL and E2EE_EVICTED.</summary>
    [Range(0L, 3_600_000L)]
    public long? RetryAfterMs { get; init; }

    /// <summary>The limit that was met, with ROOM_FULL, RATE_LIMITED and NODE_FULL.</summary>
    public long? Limit { get; init; }

    /// <summary>The check a commit failed, with E2EE_BAD_COMMIT.</summary>
    [StringLength(64)]
    public string? Check { get; init; }

    /// <summary>A narrower enumerated reason.</summary>
    [StringLength(64)]
    public string? Reason { get; init; }
}
