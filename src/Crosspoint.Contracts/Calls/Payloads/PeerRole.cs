using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>What a peer may do in its room.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<PeerRole>))]
public enum PeerRole
{
    /// <summary><c>"member"</c>.</summary>
    Member,

    /// <summary><c>"moderator"</c>.</summary>
    Moderator,
}
