using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Tells that a device cannot follow an epoch or found something wrong, in profile <c>mls-sframe-v1</c>. ACK only.</summary>
public sealed record E2eeFaultPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The epoch it is about.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Epoch { get; init; }

    /// <summary>What.</summary>
    [StringLength(32, MinimumLength = 1)]
    [KnownWords("BAD_COMMIT", "TAG_MISMATCH", "POLICY", "PLAINTEXT_LEAK", "STATE_LOST", "NO_KEY")]
    public required string Code { get; init; }

    /// <summary>For whoever reads the client's log; the server counts the code and drops this.</summary>
    [StringLength(256)]
    public string? Detail { get; init; }
}
