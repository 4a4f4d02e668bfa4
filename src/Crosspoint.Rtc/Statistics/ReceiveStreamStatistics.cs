namespace Crosspoint.Rtc.Statistics;

/// <summary>What has been received of one stream. Names follow W3C webrtc-stats where it has them.</summary>
/// <param name="Ssrc">The stream.</param>
/// <param name="PacketsReceived">Packets of the stream itself.</param>
/// <param name="BytesReceived">Their payload bytes.</param>
/// <param name="HeaderBytesReceived">Their header and padding bytes.</param>
/// <param name="PacketsImplausible">Packets whose number was too far off to be believed.</param>
/// <param name="PacketsLost">Expected less received, negative with duplicates.</param>
/// <param name="FractionLost">In 1/256, of the last report's interval.</param>
/// <param name="Jitter">Interarrival jitter.</param>
/// <param name="RetransmittedPacketsReceived">Packets of the RTX stream, probes included.</param>
/// <param name="RetransmittedBytesReceived">Their payload bytes.</param>
/// <param name="PacketsRequested">Packets asked for, counted per request.</param>
/// <param name="PacketsRecovered">Packets that came after they were asked for.</param>
/// <param name="PacketsGivenUp">Packets asked for in vain.</param>
/// <param name="NackOverflows">How often too many were missing to ask for.</param>
/// <param name="SenderReports">Sender reports heard.</param>
public readonly record struct ReceiveStreamStatistics(
    Ssrc Ssrc,
    long PacketsReceived,
    long BytesReceived,
    long HeaderBytesReceived,
    long PacketsImplausible,
    int PacketsLost,
    byte FractionLost,
    TimeSpan Jitter,
    long RetransmittedPacketsReceived,
    long RetransmittedBytesReceived,
    long PacketsRequested,
    long PacketsRecovered,
    long PacketsGivenUp,
    long NackOverflows,
    long SenderReports);
