using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers;

namespace Crosspoint.Server.Metrics;

/// <summary>Every reason for which a packet may be dropped on its way through the media plane, and where it is counted.</summary>
/// <param name="Stage">Who drops: socket, worker, tcp, peer, router, consumer.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How often a worker did.</param>
internal sealed record MediaDrops(string Stage, string Reason, Func<WorkerSnapshot, double> Count)
{
    /// <summary>All of them, in the order of a packet's way.</summary>
    public static IReadOnlyList<MediaDrops> All { get; } =
    [
        Socket("receive_truncated", socket => socket.ReceiveDroppedTruncated),
        Socket("receive_bad_segments", socket => socket.ReceiveDroppedBadSegments),
        Socket("receive_bad_address", socket => socket.ReceiveDroppedBadAddress),
        Socket("receive_kernel_buffer_full", socket => socket.ReceiveDroppedKernelBufferFull),
        Socket("send_queue_full", socket => socket.SendDroppedQueueFull),
        Socket("send_no_buffers", socket => socket.SendDroppedNoBuffers),
        Socket("send_too_big", socket => socket.SendDroppedTooBig),
        Socket("send_unreachable", socket => socket.SendDroppedUnreachable),
        Socket("send_refused", socket => socket.SendDroppedRefused),
        Socket("send_not_permitted", socket => socket.SendDroppedNotPermitted),
        Socket("send_invalid_address", socket => socket.SendDroppedInvalidAddress),
        Socket("send_other", socket => socket.SendDroppedOther),
        new("tcp", "mailbox_full", worker => worker.TcpOverflows),
        .. Enum.GetValues<WorkerDropReason>().Where(reason => reason != WorkerDropReason.Count)
            .Select(reason => new MediaDrops("worker", MetricWords.Of(reason), worker => worker.Counters.Drops.Of(reason))),
        .. Enum.GetValues<PeerDropReason>().Where(reason => reason != PeerDropReason.Count)
            .Select(reason => new MediaDrops("peer", MetricWords.Of(reason), worker => worker.PeerDrops.Of(reason))),
        .. Enum.GetValues<MediaDropReason>().Select(reason => new MediaDrops("router", MetricWords.Of(reason), worker => worker.Media.RouterDrops[reason])),
        .. Enum.GetValues<MediaDropReason>().Select(reason => new MediaDrops("consumer", MetricWords.Of(reason), worker => worker.Media.ConsumerDrops[reason])),
    ];

    private static MediaDrops Socket(string reason, Func<UdpSocketStatistics, long> count) => new("socket", reason, worker => count(worker.Socket));
}
