using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>How far a transport is.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<TransportConnectionState>))]
public enum TransportConnectionState
{
    /// <summary><c>"new"</c>: nothing has arrived yet.</summary>
    New,

    /// <summary><c>"connecting"</c>: ICE or DTLS is under way.</summary>
    Connecting,

    /// <summary><c>"connected"</c>: media can flow.</summary>
    Connected,

    /// <summary><c>"disconnected"</c>: consent was lost; an ICE restart or the network may bring it back.</summary>
    Disconnected,

    /// <summary><c>"failed"</c>: it will not come back without an ICE restart.</summary>
    Failed,

    /// <summary><c>"closed"</c>: gone.</summary>
    Closed,
}
