using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Tells that key material arrived; relayed to its target or, without one, to all others.</summary>
public sealed record KeyAckPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The epoch; also read from a numeric string.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? Epoch { get; init; }

    /// <summary>The device it came from; must be the sender's own when given.</summary>
    [StringLength(128)]
    public string? FromDeviceId { get; init; }

    /// <summary>The device it is for; absent means all others.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? TargetDeviceId { get; init; }

    /// <summary>The other spelling of <see cref="TargetDeviceId"/>.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? ToDeviceId { get; init; }

    /// <summary>Which of the sender's keys arrived.</summary>
    [StringLength(128)]
    public string? SenderKeyId { get; init; }

    /// <summary>The <c>msgId</c> of what is acknowledged.</summary>
    [StringLength(128)]
    public string? RefId { get; init; }

    /// <summary>The device it is for, by either spelling.</summary>
    [JsonIgnore]
    public string? EffectiveTarget => TargetDeviceId ?? ToDeviceId;

    /// <summary>Fields of the sender's own, relayed as they came.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}
