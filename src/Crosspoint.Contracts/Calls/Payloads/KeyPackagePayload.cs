using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Key material for one device or, without a target, for all others; opaque to the server.</summary>
public sealed record KeyPackagePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The epoch the keys are for; also read from a numeric string.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? Epoch { get; init; }

    /// <summary>The device it is for; absent means all others.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? TargetDeviceId { get; init; }

    /// <summary>The other spelling of <see cref="TargetDeviceId"/>.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? ToDeviceId { get; init; }

    /// <summary>The device it came from; set by the server, whatever the sender wrote.</summary>
    [StringLength(128)]
    public string? FromDeviceId { get; init; }

    /// <summary>The encrypted keys.</summary>
    [StringLength(65536)]
    public string? Ciphertext { get; init; }

    /// <summary>The sender's signature.</summary>
    [StringLength(2048)]
    public string? Sig { get; init; }

    /// <summary>The sender's ephemeral public key.</summary>
    [StringLength(2048)]
    public string? SenderPublicKey { get; init; }

    /// <summary>Which of the sender's keys.</summary>
    [StringLength(128)]
    public string? SenderKeyId { get; init; }

    /// <summary>The device it is for, by either spelling.</summary>
    [JsonIgnore]
    public string? EffectiveTarget => TargetDeviceId ?? ToDeviceId;

    /// <summary>Fields of the sender's own, relayed as they came.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }

    /// <summary>Keeps key material out of logs.</summary>
    public override string ToString() => $"KeyPackagePayload epoch {Epoch} to {EffectiveTarget}";
}
