using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>Somebody else's packets of one size at one rate, through the same queue.</summary>
/// <param name="Rate">On the wire.</param>
/// <param name="From">Since the link's beginning.</param>
/// <param name="Until">Since the link's beginning; null for ever.</param>
/// <param name="PacketBytes">Of each.</param>
public sealed record ConstantTraffic(Bitrate Rate, TimeSpan From, TimeSpan? Until = null, int PacketBytes = 1200);

/// <summary>
/// Somebody else's download through the same queue: a window that opens by slow start, then by one packet per round trip, and halves
/// once per round trip in which something was lost (RFC 5681, without its timeouts).
/// </summary>
/// <param name="RoundTrip">Beyond what this link itself costs.</param>
/// <param name="From">Since the link's beginning.</param>
/// <param name="Until">No new packets from then on; null for ever.</param>
/// <param name="Bytes">It is over when so much has arrived; null for no end.</param>
/// <param name="PacketBytes">Of each.</param>
public sealed record TcpTraffic(TimeSpan RoundTrip, TimeSpan From, TimeSpan? Until = null, long? Bytes = null, int PacketBytes = 1500);
