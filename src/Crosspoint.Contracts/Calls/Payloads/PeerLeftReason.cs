using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Why a peer left.</summary>
[JsonConverter(typeof(UpperSnakeEnumConverter<PeerLeftReason>))]
public enum PeerLeftReason
{
    /// <summary><c>"LEFT"</c>: it said ROOM_LEAVE.</summary>
    Left,

    /// <summary><c>"KICKED"</c>: the server or a moderator removed it.</summary>
    Kicked,

    /// <summary><c>"DISCONNECTED"</c>: its socket closed and the resume grace period ran out.</summary>
    Disconnected,

    /// <summary><c>"REPLACED"</c>: the same device joined again with a new session.</summary>
    Replaced,
}
