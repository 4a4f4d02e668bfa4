using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Which candidates the client will use after an ICE restart.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<IceRestartPolicy>))]
public enum IceRestartPolicy
{
    /// <summary><c>"all"</c>.</summary>
    All,

    /// <summary><c>"relay"</c>: through TURN only.</summary>
    Relay,
}
