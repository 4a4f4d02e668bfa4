using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>How a client encrypts frames.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<E2eeMode>))]
public enum E2eeMode
{
    /// <summary><c>"none"</c>.</summary>
    None,

    /// <summary><c>"web_insertable_streams"</c>.</summary>
    [JsonStringEnumMemberName("web_insertable_streams")]
    WebInsertableStreams,

    /// <summary><c>"native_sframe_style"</c>.</summary>
    [JsonStringEnumMemberName("native_sframe_style")]
    NativeSframeStyle,
}
