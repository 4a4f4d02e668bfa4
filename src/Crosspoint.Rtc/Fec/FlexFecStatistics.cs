namespace Crosspoint.Rtc.Fec;

/// <summary>What a decoder has seen.</summary>
/// <param name="Repairs">Repair packets taken.</param>
/// <param name="Recovered">Media packets that came out of them.</param>
/// <param name="Unneeded">Repair packets all of whose media packets had come.</param>
/// <param name="Expired">Repair packets forgotten while more than one of their packets was missing.</param>
/// <param name="Implausible">Repair packets out of which came what is no RTP packet, or for which no block was free.</param>
public readonly record struct FlexFecStatistics(long Repairs, long Recovered, long Unneeded, long Expired, long Implausible);
