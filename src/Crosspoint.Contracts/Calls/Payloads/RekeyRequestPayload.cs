using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Asks for a rekey now, in profile <c>mls-sframe-v1</c>; the server gives somebody a lease. ACK only.</summary>
public sealed record RekeyRequestPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The epoch to leave; when it is not current any more there is nothing to do.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Epoch { get; init; }

    /// <summary>Why, in a word.</summary>
    [StringLength(64)]
    public string? Reason { get; init; }
}
