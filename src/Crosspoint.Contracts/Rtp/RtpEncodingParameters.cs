using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>One RTP stream of a track.</summary>
public sealed record RtpEncodingParameters
{
    /// <summary>The SSRC; absent when the stream is found by <see cref="Rid"/> or MID.</summary>
    public uint? Ssrc { get; init; }

    /// <summary>The restriction identifier (RFC 8852).</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? Rid { get; init; }

    /// <summary>Which codec this stream uses; the first one when absent.</summary>
    [Range(0, 127)]
    public int? CodecPayloadType { get; init; }

    /// <summary>The retransmission stream (RFC 4588).</summary>
    public RtxStream? Rtx { get; init; }

    /// <summary>The stream of repair packets (FlexFEC), in a consumer's parameters only; SDP groups both by <c>ssrc-group:FEC-FR</c> (RFC 5956).</summary>
    public FecStream? Fec { get; init; }

    /// <summary>Whether discontinuous transmission is used: gaps in audio are then not loss.</summary>
    public bool? Dtx { get; init; }

    /// <summary>Layers, such as <c>L1T3</c> or <c>S3T3</c> (W3C WebRTC-SVC).</summary>
    [StringLength(32)]
    public string? ScalabilityMode { get; init; }

    /// <summary>How many times smaller than the source the picture is; 1 or more.</summary>
    [Range(1.0, 1000.0)]
    public double? ScaleResolutionDownBy { get; init; }

    /// <summary>The most this stream may take, in bit/s.</summary>
    [Range(0L, 10_000_000_000L)]
    public long? MaxBitrate { get; init; }

    /// <summary>The most frames per second.</summary>
    [Range(0.0, 1000.0)]
    public double? MaxFramerate { get; init; }

    /// <summary>Whether the sender may change the packet time of audio.</summary>
    public bool? AdaptivePtime { get; init; }

    /// <summary>Relative priority: <c>very-low</c>, <c>low</c>, <c>medium</c>, <c>high</c>.</summary>
    [StringLength(16)]
    [KnownWords("very-low", "low", "medium", "high")]
    public string? Priority { get; init; }

    /// <summary>DSCP priority, same words.</summary>
    [StringLength(16)]
    [KnownWords("very-low", "low", "medium", "high")]
    public string? NetworkPriority { get; init; }

    /// <summary>Whether the stream is being sent; true when absent.</summary>
    public bool? Active { get; init; }
}

/// <summary>The stream of repair packets of an encoding.</summary>
public sealed record FecStream
{
    /// <summary>Its SSRC.</summary>
    public required uint Ssrc { get; init; }
}

/// <summary>The retransmission stream of an encoding.</summary>
public sealed record RtxStream
{
    /// <summary>Its SSRC.</summary>
    public required uint Ssrc { get; init; }
}
