using System.Diagnostics.Metrics;
using Crosspoint.Contracts.Metrics;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Net.Tcp;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers;

namespace Crosspoint.Server.Metrics;

/// <summary>What the media workers say of themselves, as instruments: read from their snapshots when somebody asks, so that nothing is added to a packet's way.</summary>
internal sealed class MediaMetrics : IDisposable
{
    // Closed transports are forgotten, not counted.
    private static readonly PeerState[] ShownStates = [.. Enum.GetValues<PeerState>().Where(state => state != PeerState.Closed)];
    private static readonly TcpCloseReason[] TcpReasons = [.. Enum.GetValues<TcpCloseReason>().Where(reason => reason != TcpCloseReason.None)];

    private readonly Meter _meter = new("Crosspoint.Media");
    private readonly WorkerPool _workers;

    public MediaMetrics(WorkerPool workers)
    {
        _workers = workers;
        ObserveWorkers();
        ObserveAdmission();
        ObserveTraffic();
        ObserveRepair();
        ObserveBandwidth();
        ObserveTcp();
    }

    public void Dispose() => _meter.Dispose();

    private void ObserveWorkers()
    {
        Gauge(MetricNames.CrosspointTransports, () => ShownStates.Select(state =>
            new Measurement<double>(Sum(worker => worker.TransportsByState.Count > 0 ? worker.TransportsByState[(int)state] : 0), Label("state", MetricWords.Of(state)))));
        Gauge(MetricNames.CrosspointConsumers, () => ByKind(Sum(worker => worker.AudioConsumers), Sum(worker => worker.Consumers - worker.AudioConsumers)));
        Gauge(MetricNames.CrosspointWorkerCore, () => ByWorker(worker => worker.Core ?? -1));
        Gauge(MetricNames.CrosspointUdpInfo, () => _workers.Snapshots().Select(worker => NetworkLog.Describe(worker, _workers.SharedPort)));
        Gauge(MetricNames.CrosspointSrtpInfo, () => [CipherLog.Describe(_workers.SrtpEngine)]);
        Gauge(MetricNames.CrosspointWorkerBusyRatio, () => ByWorker(worker => worker.BusyRatio));
        Gauge(MetricNames.CrosspointWorkerLoadRatio, () => ByWorker(worker => worker.Load));
        Gauge(MetricNames.CrosspointWorkerOverloaded, () => ByWorker(worker => worker.IsOverloaded ? 1 : 0));
        Gauge(MetricNames.CrosspointRoomBranches, () => ByWorker(worker => worker.Branches));
        Gauge(MetricNames.CrosspointWorkerLongestTurnSeconds, () => ByWorker(worker => worker.LongestTurn.TotalSeconds));
        Gauge(MetricNames.CrosspointWorkerMailboxDepth, () => ByWorker(worker => worker.MailboxDepth));
        Counter(MetricNames.CrosspointWorkerCommandsTotal, () => ByWorker(worker => worker.Counters.Commands));
        Gauge(MetricNames.CrosspointWorkerBeforeOthers, () => ByWorker(worker => worker.IsBeforeOthers ? 1 : 0));
        Counter(MetricNames.CrosspointWorkerRestsTotal, () => ByWorker(worker => worker.Counters.Rests));
        Counter(MetricNames.CrosspointWorkerDelayedHandshakesTotal, () => ByWorker(worker => worker.Counters.HandshakesDelayed));
        Counter(MetricNames.CrosspointWorkerDelayedPacketsTotal, () => ByWorker(worker => worker.Counters.PacketsDelayed));
        Counter(MetricNames.CrosspointWorkerFaultsTotal, () =>
        [
            new(Sum(worker => worker.Counters.TransportFaults), Label("scope", "transport")),
            new(Sum(worker => worker.Counters.RouterFaults), Label("scope", "router")),
            new(Sum(worker => worker.Counters.PipeFaults), Label("scope", "pipe")),
            new(Sum(worker => worker.Counters.TurnFaults), Label("scope", "turn")),
        ]);
    }

    private void ObserveAdmission() => Counter(MetricNames.CrosspointAdmissionRefusalsTotal, () =>
    [
        new(_workers.Refusals.Rooms, Label("what", "room"), Label("reason", "overloaded")),
        new(_workers.Refusals.Transports, Label("what", "transport"), Label("reason", "overloaded")),
        new(Sum(worker => worker.Counters.TransportsRefused), Label("what", "transport"), Label("reason", "limit")),
    ]);

    private void ObserveTraffic()
    {
        Counter(MetricNames.CrosspointRoomNotificationsDroppedTotal, () => [new(_workers.NotificationsDropped)]);
        Counter(MetricNames.CrosspointMediaReceivedPacketsTotal, () => ByWorker(worker => worker.Socket.DatagramsReceived));
        Counter(MetricNames.CrosspointMediaReceivedBytesTotal, () => ByWorker(worker => worker.Socket.BytesReceived));
        Counter(MetricNames.CrosspointMediaSentPacketsTotal, () => ByWorker(worker => worker.Socket.DatagramsSent));
        Counter(MetricNames.CrosspointMediaSentBytesTotal, () => ByWorker(worker => worker.Socket.BytesSent));
        Counter(MetricNames.CrosspointMediaReceivedMessagesTotal, () => ByWorker(worker => worker.Socket.MessagesReceived));
        Counter(MetricNames.CrosspointMediaHandoverPacketsTotal, () => _workers.Snapshots().SelectMany(Handovers));
        Counter(MetricNames.CrosspointMediaSentMessagesTotal, () => ByWorker(worker => worker.Socket.MessagesSent));
        Counter(MetricNames.CrosspointMediaSegmentationFallbacksTotal, () => ByWorker(worker => worker.Socket.SegmentationFallbacks));
        Counter(MetricNames.CrosspointMediaRtpReceivedPacketsTotal, () => ByWorker(worker => worker.Counters.RtpReceived));
        Counter(MetricNames.CrosspointMediaRtpSentPacketsTotal, () => ByWorker(worker => worker.Counters.RtpSent));
        Counter(MetricNames.CrosspointMediaPaddingSentBytesTotal, () => ByWorker(worker => worker.Counters.PaddingBytesSent));
        Counter(MetricNames.CrosspointPipePacketsTotal, () => _workers.Snapshots().SelectMany(worker => (Measurement<double>[])
        [
            new(worker.Counters.PipedSent, new("worker", worker.Index), Label("direction", "sent")),
            new(worker.Counters.PipedReceived, new("worker", worker.Index), Label("direction", "received")),
        ]));
        Counter(MetricNames.CrosspointMediaDroppedPacketsTotal, Drops);
        Counter(MetricNames.CrosspointSframeHeaderRejectedTotal, Refusals);
    }

    private void ObserveRepair()
    {
        Counter(MetricNames.CrosspointMediaLostPacketsTotal, () => ByKind(Sum(worker => worker.Media.LostAudio), Sum(worker => worker.Media.LostVideo)));
        Counter(MetricNames.CrosspointMediaRetransmittedPacketsTotal, () => [new(Sum(worker => worker.Media.Retransmitted))]);
        Counter(MetricNames.CrosspointMediaNacksTotal, () => ByDirection(Sum(worker => worker.Media.NacksReceived), Sum(worker => worker.Media.NacksSent)));
        Counter(
            MetricNames.CrosspointMediaKeyframeRequestsTotal,
            () => ByDirection(Sum(worker => worker.Media.KeyFrameRequestsReceived), Sum(worker => worker.Media.KeyFrameRequestsSent)));
    }

    private void ObserveBandwidth()
    {
        Gauge(MetricNames.CrosspointBandwidthTransports, () => Enum.GetValues<BandwidthState>().Select(state =>
            new Measurement<double>(Sum(worker => worker.Bandwidth[state]), Label("state", MetricWords.Of(state)))));
        Gauge(MetricNames.CrosspointBandwidthTargetBytes, () => ByWorker(worker => worker.Bandwidth.TargetBits / 8.0));
        Gauge(MetricNames.CrosspointBandwidthWantedBytes, () => ByWorker(worker => worker.Bandwidth.WantedBits / 8.0));
        Counter(MetricNames.CrosspointBandwidthProbesTotal, () => ByWorker(worker => worker.Media.Probes));
        Counter(MetricNames.CrosspointBandwidthProbeBytesTotal, () => ByWorker(worker => worker.Media.ProbeBytes));
        Counter(MetricNames.CrosspointBandwidthFeedbacksTotal, () => ByWorker(worker => worker.Media.Feedbacks));
        Counter(MetricNames.CrosspointBandwidthFeedbackNeverSentTotal, () => ByWorker(worker => worker.Media.FeedbackNeverSent));
        Gauge(MetricNames.CrosspointPacingQueuedBytes, () => ByWorker(worker => worker.Bandwidth.QueuedBytes));
        Counter(MetricNames.CrosspointPacingDelayedPacketsTotal, () => ByWorker(worker => worker.Media.PacedPackets));
        Gauge(MetricNames.CrosspointSuspendedConsumers, () => Enum.GetValues<Suspension>().Where(reason => reason != Suspension.None).Select(reason =>
            new Measurement<double>(Sum(worker => worker.Bandwidth[reason]), Label("reason", MetricWords.Of(reason)))));
    }

    private void ObserveTcp()
    {
        Gauge(MetricNames.CrosspointTcpConnections, () => [new(_workers.TcpStatistics?.Open ?? 0)]);
        Counter(MetricNames.CrosspointTcpClosedConnectionsTotal, () =>
        {
            TcpListenerStatistics now = _workers.TcpStatistics ?? default;
            return TcpReasons.Select(reason => new Measurement<double>(now.Closed(reason), Label("reason", MetricWords.Of(reason))));
        });
    }

    private static Measurement<double>[] Handovers(WorkerSnapshot worker) =>
    [
        new(worker.Counters.HandedOver, new("worker", worker.Index), Label("direction", "sent")),
        new(worker.Counters.ReceivedByHandover, new("worker", worker.Index), Label("direction", "received")),
    ];

    private IEnumerable<Measurement<double>> Drops()
    {
        IReadOnlyList<WorkerSnapshot> now = _workers.Snapshots();
        return MediaDrops.All.Select(row => new Measurement<double>(now.Sum(row.Count), Label("stage", row.Stage), Label("reason", row.Reason)));
    }

    private IEnumerable<Measurement<double>> Refusals()
    {
        IReadOnlyList<WorkerSnapshot> now = _workers.Snapshots();
        return
            from codec in Enumerable.Range(0, FrameRefusalCounters.Codecs.Count)
            from refusal in Enum.GetValues<FrameRefusal>()
            where refusal != FrameRefusal.None
            select new Measurement<double>(
                now.Sum(worker => worker.Media.FrameRefusals[codec, refusal]), Label("codec", FrameRefusalCounters.Codecs[codec]), Label("reason", MetricWords.Of(refusal)));
    }

    private double Sum(Func<WorkerSnapshot, double> figure) => _workers.Snapshots().Sum(figure);

    private IEnumerable<Measurement<double>> ByWorker(Func<WorkerSnapshot, double> figure) =>
        _workers.Snapshots().Select(worker => new Measurement<double>(figure(worker), new KeyValuePair<string, object?>("worker", worker.Index)));

    private static Measurement<double>[] ByKind(double audio, double video) => [new(audio, Label("kind", "audio")), new(video, Label("kind", "video"))];

    private static Measurement<double>[] ByDirection(double received, double sent) =>
        [new(received, Label("direction", "received")), new(sent, Label("direction", "sent"))];

    private void Gauge(string name, Func<IEnumerable<Measurement<double>>> observe) =>
        _meter.CreateObservableGauge(name, observe, MetricCatalogue.Of(name).Unit, MetricCatalogue.Of(name).Meaning);

    private void Counter(string name, Func<IEnumerable<Measurement<double>>> observe) =>
        _meter.CreateObservableCounter(name, observe, MetricCatalogue.Of(name).Unit, MetricCatalogue.Of(name).Meaning);

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
