using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Workers.Threads;

namespace Crosspoint.Workers;

/// <summary>Adds up what a worker, its socket, its transports and its routers have counted.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class WorkerFigures(int index, UdpSocket socket, TransportTable transports, TcpSide tcp, RouterList routers, ThreadPlacement place, WorkerMeters meters)
{
    /// <summary>The worker at this moment.</summary>
    /// <param name="now">This moment.</param>
    /// <param name="since">When the snapshot before was taken.</param>
    /// <param name="before">That snapshot; null for the first.</param>
    public WorkerSnapshot Take(Instant now, Instant since, WorkerSnapshot? before)
    {
        TransportTotals peers = meters.Sum(transports.All);
        MediaTotals media = meters.ClosedMedia;
        foreach (HostedRouter router in routers.All)
        {
            router.AddTo(ref media);
        }

        BandwidthTotals bandwidth = default;
        foreach (HostedRouter router in routers.All)
        {
            router.AddTo(ref bandwidth);
        }

        media.KeepLossFrom(before is null ? default : before.Media);
        return new WorkerSnapshot
        {
            Index = index,
            IsAlive = true,
            UdpPort = socket.LocalAddress.Port,
            Core = place.Core,
            IsBeforeOthers = place.IsBeforeOthers,
            Routers = routers.All.Count(router => !router.IsBranch),
            Branches = routers.All.Count(router => router.IsBranch),
            Pipes = routers.All.Sum(router => router.Pipes.Count),
            Transports = transports.Count,
            Producers = routers.All.Sum(router => router.ProducerCount),
            Consumers = routers.All.Sum(router => router.ConsumerCount),
            AudioConsumers = routers.All.Sum(router => router.AudioConsumerCount),
            TransportsByState = peers.ByState,
            BusyRatio = meters.BusyRatio((now - since).Ticks),
            LongestTurn = meters.LongestTurn,
            Media = media,
            Bandwidth = bandwidth,
            TcpOverflows = meters.TcpOverflows,
            Counters = meters.Counters,
            Socket = socket.Statistics,
            Network = socket.Capabilities,
            PeerDrops = peers.PeerDrops,
            IceDrops = peers.IceDrops,
            Sources = transports.SourceCount,
            TcpConnections = tcp.Count,
        };
    }
}
