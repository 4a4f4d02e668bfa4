namespace Crosspoint.Rtc.Streams;

/// <summary>What a stream that is received was negotiated to be.</summary>
public sealed record RtpReceiveStreamOptions
{
    /// <summary>Its SSRC.</summary>
    public required Ssrc Ssrc { get; init; }

    /// <summary>Clock rate of its payload in Hz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>The SSRC of its retransmissions; <see cref="Ssrc.None"/> when there is none.</summary>
    public Ssrc RtxSsrc { get; init; }

    /// <summary>How missing packets are asked for; null when NACK was not negotiated.</summary>
    public NackOptions? Nack { get; init; }
}
