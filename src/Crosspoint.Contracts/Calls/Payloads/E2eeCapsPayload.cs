using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Calls;

/// <summary>What end-to-end encryption the client can do. Both the flat and the nested spelling are understood; ACK only.</summary>
public sealed record E2eeCapsPayload
{
    /// <summary>Whether the browser can transform encoded frames.</summary>
    public bool? InsertableStreams { get; init; }

    /// <summary>Whether frames are encrypted as SFrame.</summary>
    public bool? Sframe { get; init; }

    /// <summary>Whether the client can use a double ratchet for keys.</summary>
    public bool? DoubleRatchet { get; init; }

    /// <summary>Cipher suites by name.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? SupportedCipherSuites { get; init; }

    /// <summary>Key profiles by name; <c>epoch-v1</c> is the one in use.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Profiles { get; init; }

    /// <summary>The device, in the nested spelling.</summary>
    [StringLength(128)]
    public string? DeviceId { get; init; }

    /// <summary>The platform, in the nested spelling.</summary>
    [StringLength(32)]
    public string? Platform { get; init; }

    /// <summary>The nested spelling.</summary>
    public E2eeCapabilities? Caps { get; init; }

    /// <summary>Encoded-frame transforms, by either spelling.</summary>
    [JsonIgnore]
    public bool CanTransformFrames => InsertableStreams == true || Caps is { SupportsE2ee: true, Mode: E2eeMode.WebInsertableStreams };

    /// <summary>SFrame, by either spelling.</summary>
    [JsonIgnore]
    public bool CanSframe => Sframe == true || Caps is { SupportsE2ee: true, Mode: E2eeMode.NativeSframeStyle };
}
