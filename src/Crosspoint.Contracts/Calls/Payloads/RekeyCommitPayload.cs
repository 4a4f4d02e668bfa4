using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Makes an epoch the room's current one: it is relayed to every member, its sender included, and everyone's readiness is cleared.</summary>
public sealed record RekeyCommitPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The new epoch, exactly the one after the current; also read from a numeric string.</summary>
    [Range(1L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? Epoch { get; init; }

    /// <summary>The other spelling of <see cref="Epoch"/>; read, never written by the server.</summary>
    [Range(1L, WholeNumberConverter.MaxSafeInteger)]
    [JsonConverter(typeof(WholeNumberConverter))]
    public long? NewEpoch { get; init; }

    /// <summary>The device it came from; set by the server, whatever the sender wrote.</summary>
    [StringLength(128)]
    public string? FromDeviceId { get; init; }

    /// <summary>The right to commit, as REKEY_BEGIN gave it; in profile <c>mls-sframe-v1</c>, where nothing is committed without.</summary>
    [StringLength(64)]
    public string? LeaseId { get; init; }

    /// <summary>Why there was a rekey, in profile <c>mls-sframe-v1</c>; the server writes it.</summary>
    [StringLength(64)]
    [KnownWords("create", "join", "resync", "leave", "kick", "periodic", "request", "fault")]
    public string? Reason { get; init; }

    /// <summary>The committer, in profile <c>mls-sframe-v1</c>; the server writes it.</summary>
    [StringLength(128)]
    public string? LeaderDeviceId { get; init; }

    /// <summary>When senders switch at the latest, in ms, in profile <c>mls-sframe-v1</c>; the server writes it.</summary>
    [Range(0, 60_000)]
    public int? ActivateInMs { get; init; }

    /// <summary>The commit itself, in profile <c>mls-sframe-v1</c>.</summary>
    public RekeyCommitMls? Mls { get; init; }

    /// <summary>The new epoch, by either spelling; null when neither was given.</summary>
    [JsonIgnore]
    public long? EffectiveEpoch => Epoch ?? NewEpoch;

    /// <summary>Fields of the sender's own, relayed as they came.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}
