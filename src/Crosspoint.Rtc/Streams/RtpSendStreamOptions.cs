namespace Crosspoint.Rtc.Streams;

/// <summary>What a stream that is sent was negotiated to be.</summary>
public sealed record RtpSendStreamOptions
{
    /// <summary>Its SSRC.</summary>
    public required Ssrc Ssrc { get; init; }

    /// <summary>Clock rate of its payload in Hz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>The SSRC of its retransmissions (RFC 4588); <see cref="Ssrc.None"/> when they go out unchanged on the stream itself.</summary>
    public Ssrc RtxSsrc { get; init; }

    /// <summary>The payload type of its retransmissions.</summary>
    public PayloadType RtxPayloadType { get; init; }

    /// <summary>The least time between two copies of a packet while no RTT is known. Default 100 ms.</summary>
    public TimeSpan InitialRoundTripTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The least time between two copies of a packet, however small the RTT. Default 5 ms.</summary>
    public TimeSpan MinResendInterval { get; init; } = TimeSpan.FromMilliseconds(5);
}
