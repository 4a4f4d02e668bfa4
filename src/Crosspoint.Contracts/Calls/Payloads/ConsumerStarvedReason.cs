using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Why the server holds a consumer back.</summary>
[JsonConverter(typeof(UpperSnakeEnumConverter<ConsumerStarvedReason>))]
public enum ConsumerStarvedReason
{
    /// <summary><c>"BANDWIDTH"</c>: the link to this client does not carry even its lowest layer.</summary>
    Bandwidth,

    /// <summary><c>"LAST_N"</c>: not among those who spoke last (TRANSPORT_SET_LIMITS).</summary>
    LastN,

    /// <summary><c>"MAX_VIDEO"</c>: as many videos as are wanted are shown already (TRANSPORT_SET_LIMITS).</summary>
    MaxVideo,
}
