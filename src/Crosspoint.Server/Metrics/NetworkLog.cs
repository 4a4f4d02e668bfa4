using System.Diagnostics.Metrics;
using Crosspoint.Net.Udp;
using Crosspoint.Workers;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Server.Metrics;

/// <summary>Says how datagrams are moved: once in the log, and as labels of a metric.</summary>
internal static partial class NetworkLog
{
    /// <summary>One line for all workers, whose sockets are alike.</summary>
    public static void Write(ILogger log, WorkerPool workers)
    {
        WorkerSnapshot first = workers.Snapshots()[0];
        NetworkCapabilities network = first.Network;
        SaySockets(log, MetricWords.Of(network.Implementation), Segmentation(first), Merging(first), MetricWords.Of(workers.SharedPort), network.ReceiveBufferBytes, network.SendBufferBytes);
    }

    /// <summary>1, with what a worker's socket does as labels.</summary>
    public static Measurement<double> Describe(WorkerSnapshot worker, SharedPortState port) => new(
        1,
        new("worker", worker.Index),
        new("implementation", MetricWords.Of(worker.Network.Implementation)),
        new("segmentation", Segmentation(worker)),
        new("merging", Merging(worker)),
        new("port", MetricWords.Of(port)));

    private static string Segmentation(WorkerSnapshot worker) =>
        worker.Socket.SegmentationTurnedOff > 0 ? "refused" : worker.Network.SegmentationOffload ? "on" : "off";

    private static string Merging(WorkerSnapshot worker) => worker.Network.ReceiveOffload ? "on" : "off";

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Media sockets: {Implementation}, segmentation {Segmentation}, merging {Merging}, port {Port}, receive buffer {ReceiveBuffer} bytes, send buffer {SendBuffer} bytes")]
    private static partial void SaySockets(ILogger log, string implementation, string segmentation, string merging, string port, int receiveBuffer, int sendBuffer);
}
