using Crosspoint.Calls.Media;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Rooms;

/// <summary>One stay of a device in a room.</summary>
/// <remarks>The room's mailbox owns everything here except the identities.</remarks>
public sealed class Peer
{
    /// <summary>The epoch of a device that declared none.</summary>
    public const long NoEpoch = -1;

    internal Peer(Room room, Session session, Connection? connection)
    {
        (Room, Session, Connection) = (room, session, connection);
    }

    /// <summary>This stay.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>Where.</summary>
    public Room Room { get; }

    /// <summary>Who.</summary>
    public Session Session { get; }

    /// <summary>What the person wants to be called.</summary>
    internal string? DisplayName { get; init; }

    internal string DeviceId => Session.DeviceId;

    internal string UserId => Session.UserId;

    /// <summary>Where frames for it go; null while it is rejoining.</summary>
    internal Connection? Connection { get; set; }

    internal PeerState State => Connection is null ? PeerState.Rejoining : PeerState.Joined;

    internal long DeclaredEpoch { get; set; } = NoEpoch;

    internal Dictionary<string, RoomTransport> Transports { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, RoomConsumer> Consumers { get; } = new(StringComparer.Ordinal);

    /// <summary>Timestamp of the join.</summary>
    internal long JoinedAt { get; init; }

    /// <summary>True once both first transports were connected, or one failed: the join's outcome is known and counted.</summary>
    internal bool IsSetUp { get; set; }

    internal Dictionary<MediaSource, int> Generations { get; } = [];
}

/// <summary>A transport of a peer.</summary>
internal sealed class RoomTransport(string id, TransportDirection direction)
{
    internal string Id { get; } = id;

    internal TransportDirection Direction { get; } = direction;

    internal TransportConnectionState State { get; set; } = TransportConnectionState.New;

    /// <summary>True once ICE's outcome is counted.</summary>
    internal bool IsIceCounted { get; set; }
}

/// <summary>A track somebody publishes in the room.</summary>
internal sealed class RoomProducer(string id, Peer owner, string transportId, MediaKind kind, MediaSource source, int generation, long createdAt)
{
    internal string Id { get; } = id;

    internal Peer Owner { get; } = owner;

    internal string TransportId { get; } = transportId;

    internal MediaKind Kind { get; } = kind;

    internal MediaSource Source { get; } = source;

    internal int Generation { get; } = generation;

    internal long CreatedAt { get; } = createdAt;

    internal bool IsPaused { get; set; }

    /// <summary>The layers its sender announced.</summary>
    internal required VideoShape Shape { get; init; }

    /// <summary>Pixels of its largest layer, as its sender said.</summary>
    internal int? Width { get; init; }

    internal int? Height { get; init; }

    /// <summary>How well it reaches the server, 0 to 10.</summary>
    internal int Score { get; set; } = 10;

    /// <summary>What its sender was last told about who watches it; null before it was told anything.</summary>
    internal WatchedLayersChanged? Watched { get; set; }

    internal ProducerInfo Describe() => new()
    {
        ProducerId = Id,
        PeerDeviceId = Owner.DeviceId,
        OwnerUserId = Owner.UserId,
        OwnerDeviceId = Owner.DeviceId,
        Kind = Kind,
        Source = Source,
        Paused = IsPaused,
        Generation = Generation,
        CreatedAt = CreatedAt,
    };

    internal ProducerSummary Summarise() => new()
    {
        ProducerId = Id,
        PeerDeviceId = Owner.DeviceId,
        UserId = Owner.UserId,
        Kind = Kind,
        Paused = IsPaused,
        Source = Source,
        Generation = Generation,
        CreatedAt = CreatedAt,
    };
}

/// <summary>A track a peer receives.</summary>
internal sealed record RoomConsumer(string Id, RoomProducer Producer, string? TransportId)
{
    internal bool IsPaused { get; set; }

    /// <summary>What its owner was last told about its layers; null before it was told anything.</summary>
    internal LayersChanged? Layers { get; set; }

    /// <summary>Why it is held back; null while it is not.</summary>
    internal ConsumerStarvedReason? HeldBack { get; set; }
}
