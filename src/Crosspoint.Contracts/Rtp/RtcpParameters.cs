using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>RTCP settings of a track.</summary>
public sealed record RtcpParameters
{
    /// <summary>The canonical name (RFC 3550 §6.5.1).</summary>
    [StringLength(255)]
    public string? Cname { get; init; }

    /// <summary>Whether reduced-size RTCP (RFC 5506) is used; true when absent.</summary>
    public bool? ReducedSize { get; init; }

    /// <summary>Whether RTP and RTCP share a port (RFC 5761); always true here.</summary>
    public bool? Mux { get; init; }
}
