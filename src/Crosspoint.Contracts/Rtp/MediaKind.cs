using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Rtp;

/// <summary>What a track carries.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<MediaKind>))]
public enum MediaKind
{
    /// <summary><c>"audio"</c>.</summary>
    Audio,

    /// <summary><c>"video"</c>.</summary>
    Video,
}
