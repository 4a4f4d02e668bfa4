using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Where a track comes from.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<MediaSource>))]
public enum MediaSource
{
    /// <summary><c>"camera"</c>.</summary>
    Camera,

    /// <summary><c>"microphone"</c>.</summary>
    Microphone,

    /// <summary><c>"screen"</c>: picture or sound of a shared screen.</summary>
    Screen,
}
