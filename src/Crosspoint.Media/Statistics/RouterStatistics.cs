namespace Crosspoint.Media.Statistics;

/// <summary>What a router holds now.</summary>
/// <param name="Transports">Transports.</param>
/// <param name="Producers">Producers.</param>
/// <param name="Consumers">Consumers.</param>
/// <param name="StoredPackets">Packets kept for retransmission.</param>
/// <param name="StoredBytes">Their bytes.</param>
public readonly record struct RouterStatistics(int Transports, int Producers, int Consumers, int StoredPackets, long StoredBytes);
