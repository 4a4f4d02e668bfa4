using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Starts sending a track. Answered by PRODUCED; the others get PRODUCER_ADDED.</summary>
public sealed record ProducePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>A send transport.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string TransportId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>What will be sent; may be empty only where there is no media plane.</summary>
    [AlwaysWritten]
    public RtpParameters RtpParameters { get => field ?? new(); init; } = new();

    /// <summary>Whether the track starts paused; false when absent.</summary>
    public bool? Paused { get; init; }

    /// <summary>Where the track comes from; else <c>appData.source</c>; else camera or microphone by kind.</summary>
    public MediaSource? Source { get; init; }

    /// <summary>Width of a video in its largest layer, in pixels; helps receivers to choose layers by the size they show it at.</summary>
    [Range(1, 16_384)]
    public int? Width { get; init; }

    /// <summary>Height of a video in its largest layer, in pixels.</summary>
    [Range(1, 16_384)]
    public int? Height { get; init; }

    /// <summary>The application's own data; only <c>source</c> is read.</summary>
    public JsonElement? AppData { get; init; }

    /// <summary>Where the track comes from, with the defaults applied.</summary>
    [JsonIgnore]
    public MediaSource EffectiveSource => Source ?? SourceIn(AppData) ?? (Kind == MediaKind.Audio ? MediaSource.Microphone : MediaSource.Camera);

    private static MediaSource? SourceIn(JsonElement? appData) =>
        appData is { ValueKind: JsonValueKind.Object } data
        && data.TryGetProperty("source"u8, out var source)
        && source.ValueKind == JsonValueKind.String
            ? source.GetString() switch
            {
                "camera" => MediaSource.Camera,
                "microphone" => MediaSource.Microphone,
                "screen" => MediaSource.Screen,
                _ => null,
            }
            : null;
}
