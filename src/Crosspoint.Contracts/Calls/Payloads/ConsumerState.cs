using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Whether a consumer forwards.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<ConsumerState>))]
public enum ConsumerState
{
    /// <summary><c>"active"</c>.</summary>
    Active,

    /// <summary><c>"paused"</c>: CONSUMER_RESUME starts it.</summary>
    Paused,

    /// <summary><c>"starved"</c>: the server holds it back; it starts again by itself.</summary>
    Starved,
}
