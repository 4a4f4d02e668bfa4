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

    /// <summary>Key profiles by name: <c>epoch-v1</c>, <c>mls-sframe-v1</c>. What follows is for the latter.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Profiles { get; init; }

    /// <summary>MLS cipher suites by number.</summary>
    [MaxLength(16)]
    public IReadOnlyList<int>? Suites { get; init; }

    /// <summary>SFrame cipher suites by number.</summary>
    [MaxLength(16)]
    public IReadOnlyList<int>? SframeSuites { get; init; }

    /// <summary>The dialect of MLS on the wire.</summary>
    [Range(1, 1000)]
    public int? Wire { get; init; }

    /// <summary>Codecs whose frames it can encrypt.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Codecs { get; init; }

    /// <summary>How frames are reached: <c>streams</c> (createEncodedStreams) or <c>script</c> (RTCRtpScriptTransform).</summary>
    [StringLength(16)]
    [KnownWords("streams", "script")]
    public string? Transform { get; init; }

    /// <summary>Who the device is in the MLS tree.</summary>
    public MlsDevice? Device { get; init; }

    /// <summary>What an identity provider says of the device's key: a JWT that the other clients check, not the server.</summary>
    [StringLength(8192)]
    public string? Attest { get; init; }

    /// <summary>The last epoch it had of the room it is about to join.</summary>
    public E2eeSeen? Seen { get; init; }

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
