using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Says which epoch a device has and asks for what it missed, in profile <c>mls-sframe-v1</c>. Answered by KEY_LOG, or by the lease for a resync as soon as there is one.</summary>
public sealed record E2eeSyncPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>Which MLS group of the room.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Generation { get; init; }

    /// <summary>The room's epoch it has; the state of none is lost: 0.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Epoch { get; init; }
}
