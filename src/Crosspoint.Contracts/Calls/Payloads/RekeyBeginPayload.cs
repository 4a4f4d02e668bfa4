using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>
/// Announces a rekey to every member, its sender included. The epoch must be the room's next one.
/// In profile <c>mls-sframe-v1</c> only the server sends it: to one device with a lease to commit, to the others without.
/// </summary>
public sealed record RekeyBeginPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The epoch to come; also read from a numeric string. In profile <c>mls-sframe-v1</c> the current one.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? Epoch { get; init; }

    /// <summary>The other spelling of <see cref="Epoch"/>, only read; in profile <c>mls-sframe-v1</c> the epoch to come.</summary>
    [Range(1L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? NewEpoch { get; init; }

    /// <summary>The member set the rekey is for.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    public long? MemberSetVersion { get; init; }

    /// <summary>The device that leads the rekey.</summary>
    [StringLength(128)]
    public string? LeaderDeviceId { get; init; }

    /// <summary>How long the rekey may take, in ms.</summary>
    [Range(1000, 30_000)]
    public int? DeadlineMs { get; init; }

    /// <summary>The device it came from; set by the server, whatever the sender wrote.</summary>
    [StringLength(128)]
    public string? FromDeviceId { get; init; }

    /// <summary>Why there is a rekey, in profile <c>mls-sframe-v1</c>.</summary>
    [StringLength(64)]
    [KnownWords("create", "join", "resync", "leave", "kick", "periodic", "request", "fault")]
    public string? Reason { get; init; }

    /// <summary>The right to commit, in profile <c>mls-sframe-v1</c>; only its holder gets it.</summary>
    [StringLength(64)]
    public string? LeaseId { get; init; }

    /// <summary>What the commit is to do, in profile <c>mls-sframe-v1</c>.</summary>
    public RekeyBeginMls? Mls { get; init; }

    /// <summary>The epoch to come, by either spelling; null when neither was given.</summary>
    [JsonIgnore]
    public long? EffectiveEpoch => Epoch ?? NewEpoch;

    /// <summary>Fields of the sender's own, relayed as they came.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}
