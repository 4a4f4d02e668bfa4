namespace Crosspoint.Media.Statistics;

/// <summary>What went through one transport.</summary>
/// <param name="RtpPacketsReceived">Datagrams given to it as RTP.</param>
/// <param name="RtpBytesReceived">Their bytes.</param>
/// <param name="RtcpPacketsReceived">Datagrams given to it as RTCP.</param>
/// <param name="RtpPacketsSent">RTP packets sent, retransmissions included.</param>
/// <param name="RtpBytesSent">Their headers and payload.</param>
/// <param name="RtcpPacketsSent">RTCP datagrams sent.</param>
/// <param name="Producers">Producers on it now.</param>
/// <param name="Consumers">Consumers on it now.</param>
/// <param name="Drops">What came in and was not acted on, by reason.</param>
public readonly record struct RouterTransportStatistics(
    long RtpPacketsReceived,
    long RtpBytesReceived,
    long RtcpPacketsReceived,
    long RtpPacketsSent,
    long RtpBytesSent,
    long RtcpPacketsSent,
    int Producers,
    int Consumers,
    MediaDropCounters Drops);
