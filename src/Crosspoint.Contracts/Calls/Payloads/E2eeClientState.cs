using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>What a joining client still knows of the room's keys.</summary>
public sealed record E2eeClientState
{
    /// <summary>The last epoch it saw.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? LastEpochSeen { get; init; }

    /// <summary>Sender keys it has.</summary>
    [MaxLength(1000)]
    public IReadOnlyList<string>? AckedSenderKeyIds { get; init; }
}
