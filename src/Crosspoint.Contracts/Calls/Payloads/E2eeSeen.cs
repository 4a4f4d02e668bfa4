using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>The last epoch of a room a device had, in profile <c>mls-sframe-v1</c>.</summary>
public sealed record E2eeSeen
{
    /// <summary>Which MLS group of the room.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Generation { get; init; }

    /// <summary>The room's epoch.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Epoch { get; init; }
}
