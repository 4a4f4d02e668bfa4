using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>What a transport is for, seen from the client.</summary>
[JsonConverter(typeof(TransportDirectionConverter))]
public enum TransportDirection
{
    /// <summary><c>"send"</c>: the client produces on it.</summary>
    Send,

    /// <summary><c>"recv"</c>: the client consumes on it.</summary>
    Recv,
}
