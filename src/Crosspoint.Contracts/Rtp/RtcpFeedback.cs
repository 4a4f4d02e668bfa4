using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>One RTCP feedback message a codec may use (<c>a=rtcp-fb</c>, RFC 4585 §4.2).</summary>
public sealed record RtcpFeedback
{
    /// <summary><c>nack</c>, <c>ccm</c>, <c>goog-remb</c>, <c>transport-cc</c> …</summary>
    [StringLength(32, MinimumLength = 1)]
    public required string Type { get; init; }

    /// <summary><c>pli</c>, <c>fir</c> …; absent or empty for none.</summary>
    [StringLength(32)]
    public string? Parameter { get; init; }
}
