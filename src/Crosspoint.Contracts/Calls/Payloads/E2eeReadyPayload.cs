using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Declares that this device holds the keys of an epoch; opens the media gate when it is the room's current one. ACK only.</summary>
public sealed record E2eeReadyPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The epoch; also read from a numeric string.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Epoch { get; init; }

    /// <summary>The proof, in profile <c>mls-sframe-v1</c>.</summary>
    public E2eeReadyMls? Mls { get; init; }
}
