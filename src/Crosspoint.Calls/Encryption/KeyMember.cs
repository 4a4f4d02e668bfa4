using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>A device as the room's keys see it: its leaf, its readiness, whether it is about to go.</summary>
/// <remarks>
/// The room's actor owns it.
/// <code>
///  Pending ──its commit──▶ Ready ──somebody's commit──▶ Unready ──E2EE_READY──▶ Ready
///     ▲                                                    │ REKEY_ACTIVE
///     │ E2EE_SYNC                                          ▼
///  Evicted ◀──────────── T_evict ──────────────────── Lagging ──E2EE_READY──▶ Ready
///  any ──left, kicked, away too long──▶ Leaving ──somebody's commit──▶ gone
/// </code>
/// </remarks>
public sealed class KeyMember(string device, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> identity)
{
    /// <summary>The readiness of who is ready for nothing.</summary>
    public const long NoEpoch = -1;

    /// <summary>The device.</summary>
    public string Device { get; } = device;

    /// <summary>Its public signature key.</summary>
    public ReadOnlyMemory<byte> Key { get; } = key;

    /// <summary>The identity of its credential.</summary>
    public ReadOnlyMemory<byte> Identity { get; } = identity;

    /// <summary>Its leaf; null while it is in no group.</summary>
    public int? Leaf { get; internal set; }

    /// <summary>Whether it is in the room.</summary>
    public bool IsPresent { get; internal set; } = true;

    /// <summary>Whether it has a socket.</summary>
    public bool IsConnected { get; internal set; } = true;

    /// <summary>Whether it hears what is said to it: in the room, with a socket.</summary>
    public bool IsReachable => IsPresent && IsConnected;

    /// <summary>When its leaf is given up, while it has no socket.</summary>
    internal Instant AwayUntil { get; set; } = Instant.Never;

    /// <summary>The epoch it proved to have.</summary>
    public long ReadyEpoch { get; internal set; } = NoEpoch;

    /// <summary>Why its leaf must go; null while it may stay.</summary>
    public RekeyCause? Leaving { get; internal set; }

    internal Instant LeavingSince { get; set; } = Instant.Never;

    /// <summary>Resync or Join while it waits for a lease, else null.</summary>
    public RekeyCause? Waiting { get; internal set; }

    internal long WaitOrder { get; set; }

    internal Instant WaitFrom { get; set; }

    internal int WaitAttempts { get; set; }

    /// <summary>Whether the group's secrets it had are of no use any more.</summary>
    internal bool HasLostState { get; set; }

    /// <summary>Since when everybody has switched but it; never while it keeps up.</summary>
    internal Instant LaggingSince { get; set; } = Instant.Never;

    /// <summary>When its media is cut for that.</summary>
    internal Instant CutAt { get; set; } = Instant.Never;

    /// <summary>Whether it was put out of the keys.</summary>
    public bool IsEvicted { get; internal set; }

    /// <summary>Until when it may not come back.</summary>
    internal Instant EvictedUntil { get; set; }

    /// <summary>Whether media to and from it flows, as the media engine was told.</summary>
    public bool IsForwarded { get; internal set; }

    internal int FailedLeases { get; set; }

    internal Instant IneligibleUntil { get; set; }

    /// <summary>What it was last told to do.</summary>
    internal KeyRole? ToldRole { get; set; }

    /// <summary>Whether it belongs to the group and is meant to.</summary>
    internal bool IsSitting => Leaf is not null && Leaving is null && !IsEvicted;

    /// <inheritdoc/>
    public override string ToString() => $"{Device} leaf {Leaf} ready {ReadyEpoch}{(Leaving is null ? "" : " leaving")}{(IsEvicted ? " evicted" : "")}{(IsConnected ? "" : " away")}{(Waiting is null ? "" : " waits " + Waiting)}";
}

/// <summary>What a device is to do first.</summary>
public enum KeyRole
{
    /// <summary>Make the group when the lease comes.</summary>
    Create,

    /// <summary>Join it when the lease comes.</summary>
    Join,

    /// <summary>Say E2EE_SYNC.</summary>
    Resume,

    /// <summary>Come in anew, in the place of its old leaf, when the lease comes.</summary>
    Resync,
}
