namespace Crosspoint.Media.Statistics;

/// <summary>What a router holds now.</summary>
/// <param name="Transports">Transports.</param>
/// <param name="Producers">Producers.</param>
/// <param name="Consumers">Consumers.</param>
/// <param name="StoredPackets">Packets kept for retransmission.</param>
/// <param name="StoredBytes">Their bytes.</param>
public readonly record struct RouterStatistics(int Transports, int Producers, int Consumers, int StoredPackets, long StoredBytes)
{
    internal static RouterStatistics Of(List<RouterTransport> transports)
    {
        (int producers, int consumers, int packets, long bytes) = (0, 0, 0, 0);
        foreach (RouterTransport transport in transports)
        {
            producers += transport.ProducerList.Count;
            consumers += transport.ConsumerList.Count;
            foreach (Producer producer in transport.ProducerList)
            {
                foreach (ProducerStream stream in producer.Streams)
                {
                    packets += stream.Store.Count;
                    bytes += stream.Store.ByteCount;
                }
            }
        }

        return new RouterStatistics(transports.Count, producers, consumers, packets, bytes);
    }
}
