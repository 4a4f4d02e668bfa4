using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Whether a peer is there.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<PeerState>))]
public enum PeerState
{
    /// <summary><c>"joined"</c>: connected.</summary>
    Joined,

    /// <summary><c>"rejoining"</c>: its socket is gone and the resume grace period runs; its producers stay.</summary>
    Rejoining,

    /// <summary><c>"left"</c>.</summary>
    Left,
}
