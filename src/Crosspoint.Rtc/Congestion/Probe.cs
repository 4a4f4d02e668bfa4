using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>A short burst faster than the target, to find out whether the link carries more.</summary>
/// <param name="Id">What its packets are handed to <see cref="BandwidthEstimator.HandleSent"/> with; never 0.</param>
/// <param name="Rate">How fast to send it, media and padding together.</param>
/// <param name="MinBytes">How much to send at least, on the wire.</param>
/// <param name="MinPackets">How many packets at least.</param>
public readonly record struct Probe(int Id, Bitrate Rate, int MinBytes, int MinPackets);
