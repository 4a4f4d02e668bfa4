namespace Crosspoint.Rtc.Statistics;

/// <summary>What has been sent of one stream, and what its receiver says of it. Names follow W3C webrtc-stats where it has them.</summary>
/// <param name="Ssrc">The stream.</param>
/// <param name="PacketsSent">Packets sent for the first time.</param>
/// <param name="BytesSent">Their payload bytes.</param>
/// <param name="HeaderBytesSent">Their header bytes.</param>
/// <param name="RetransmittedPacketsSent">Copies sent.</param>
/// <param name="RetransmittedBytesSent">Their payload bytes.</param>
/// <param name="PacketsNacked">Packets the receiver asked for, counted per request.</param>
/// <param name="PacketsUnanswered">Requests for packets that were not kept.</param>
/// <param name="PacketsThrottled">Requests while a copy was under way.</param>
/// <param name="RemotePacketsLost">Lost since the beginning, by the last receiver report.</param>
/// <param name="RemoteFractionLost">In 1/256, by the last receiver report.</param>
/// <param name="RemoteJitter">By the last receiver report.</param>
/// <param name="RoundTripTime">Smoothed; null while unknown.</param>
public readonly record struct SendStreamStatistics(
    Ssrc Ssrc,
    long PacketsSent,
    long BytesSent,
    long HeaderBytesSent,
    long RetransmittedPacketsSent,
    long RetransmittedBytesSent,
    long PacketsNacked,
    long PacketsUnanswered,
    long PacketsThrottled,
    int RemotePacketsLost,
    byte RemoteFractionLost,
    TimeSpan RemoteJitter,
    TimeSpan? RoundTripTime);
