using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers;

/// <summary>What a worker's transports dropped, living and closed ones together, and how many are in each <see cref="PeerState"/>.</summary>
internal readonly record struct TransportTotals(PeerDropCounters PeerDrops, IceDropCounters IceDrops, int[] ByState);
