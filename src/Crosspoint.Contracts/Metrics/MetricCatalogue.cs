namespace Crosspoint.Contracts.Metrics;

/// <summary>Every metric with its type, unit, labels and meaning: the one table.</summary>
public static class MetricCatalogue
{
    /// <summary>All metrics, in the order of the documentation.</summary>
    public static IReadOnlyList<MetricDescriptor> All { get; } =
    [
        new(MetricNames.CallsSetupDurationSeconds, MetricType.Histogram, "s", [], "From ROOM_JOIN to both of a connection's first transports connected."),
        new(MetricNames.CallsSetupSuccessTotal, MetricType.Counter, "", ["result"], "Joins by outcome: connected, failed, abandoned."),
        new(MetricNames.CallsE2eeKeyAckTotal, MetricType.Counter, "", ["result"], "KEY_ACK frames by outcome: relayed, invalid."),
        new(MetricNames.CallsE2eeRekeyTotal, MetricType.Counter, "", [], "REKEY_COMMIT frames that moved a room to a higher epoch."),
        new(MetricNames.CallsE2eeRekeyAbortTotal, MetricType.Counter, "", ["reason"], "Rekeys that were begun and given up, by reason."),
        new(MetricNames.CallsE2eeEpochDesyncTotal, MetricType.Counter, "", ["type"], "Requests that named another epoch than the room's, by message type."),
        new(MetricNames.CallsTransportDtlsConnectSeconds, MetricType.Histogram, "s", [], "From the first DTLS flight to keys for SRTP."),
        new(MetricNames.CallsTransportIceSuccessTotal, MetricType.Counter, "", ["result"], "Transports by ICE outcome: connected, failed."),
        new(MetricNames.CallsMediaProduceSuccessTotal, MetricType.Counter, "", ["kind"], "Producers made."),
        new(MetricNames.CallsMediaConsumeSuccessTotal, MetricType.Counter, "", ["kind"], "Consumers made."),
        new(MetricNames.CallsWsReconnectTotal, MetricType.Counter, "", ["result"], "HELLO frames that asked to resume: ok, refused."),
        new(MetricNames.CallsWsMessageDedupTotal, MetricType.Counter, "", [], "Retried frames acknowledged without being done again."),
        new(MetricNames.CallsWsMessagesTotal, MetricType.Counter, "", ["type"], "Frames taken in from clients, by type; unknown types count as other."),
        new(MetricNames.CallsWsMessagesDroppedTotal, MetricType.Counter, "", ["reason"], "Client frames dropped without an answer, by reason."),
        new(MetricNames.CallsWsRefusalsTotal, MetricType.Counter, "", ["type", "code"], "Requests refused, by type and error code."),
        new(MetricNames.CallsWsConnectsTotal, MetricType.Counter, "", ["result"], "WebSockets that tried to open, by outcome."),
        new(MetricNames.CallsWsClosesTotal, MetricType.Counter, "", ["reason"], "WebSockets closed, by close reason."),
        new(MetricNames.CallsAuthAttemptsTotal, MetricType.Counter, "", ["result"], "AUTH frames by outcome."),
        new(MetricNames.CallsJoinRefusalsTotal, MetricType.Counter, "", ["reason"], "Joins refused, by reason."),
        new(MetricNames.CallsPeersJoinedTotal, MetricType.Counter, "", [], "Devices that entered a room."),
        new(MetricNames.CallsPeersLeftTotal, MetricType.Counter, "", ["reason"], "Devices that left a room, by reason."),
        new(MetricNames.CallsTransportStatesTotal, MetricType.Counter, "", ["state", "reason"], "Transport state changes, by new state and reason."),
        new(MetricNames.CallsMediaRefusalsTotal, MetricType.Counter, "", ["code"], "Requests the media plane refused, by error code."),
        new(MetricNames.CallsMediaRoomsLostTotal, MetricType.Counter, "", [], "Rooms whose media worker died."),
        new(MetricNames.CallsInternalErrorsTotal, MetricType.Counter, "", ["where"], "Broken invariants, by place."),
        new(MetricNames.CrosspointBuildInfo, MetricType.Gauge, "", ["version"], "Always 1; the version is the label."),
        new(MetricNames.CrosspointUptimeSeconds, MetricType.Gauge, "s", [], "Since the start of the process."),
        new(MetricNames.CrosspointRooms, MetricType.Gauge, "", [], "Rooms now."),
        new(MetricNames.CrosspointPeers, MetricType.Gauge, "", ["state"], "Peers now: joined, rejoining."),
        new(MetricNames.CrosspointTransports, MetricType.Gauge, "", ["state"], "Transports now, by connection state; native media."),
        new(MetricNames.CrosspointProducers, MetricType.Gauge, "", ["kind"], "Producers now."),
        new(MetricNames.CrosspointConsumers, MetricType.Gauge, "", ["kind"], "Consumers now; native media."),
        new(MetricNames.CrosspointSessions, MetricType.Gauge, "", [], "Devices now, those in their resume grace period included."),
        new(MetricNames.CrosspointWsConnections, MetricType.Gauge, "", [], "WebSockets open now."),
        new(MetricNames.CrosspointWsReceivedBytesTotal, MetricType.Counter, "By", [], "Bytes of frames from clients."),
        new(MetricNames.CrosspointWsSentFramesTotal, MetricType.Counter, "", [], "Frames to clients."),
        new(MetricNames.CrosspointWsSentBytesTotal, MetricType.Counter, "By", [], "Bytes of frames to clients."),
        new(MetricNames.CrosspointWsRequestDurationSeconds, MetricType.Histogram, "s", ["type"], "From a request to its ACK."),
        new(MetricNames.CrosspointWorkers, MetricType.Gauge, "", ["state"], "Worker threads: running, failed."),
        new(MetricNames.CrosspointWorkerCore, MetricType.Gauge, "", ["worker"], "The core a worker is pinned to; -1 when it is not."),
        new(MetricNames.CrosspointUdpInfo, MetricType.Gauge, "", ["worker", "implementation", "segmentation", "merging", "port"], "Always 1. How a worker moves datagrams: implementation (linux, portable); segmentation of sent messages (on, off, or refused, when the device could not); merging of received ones (on, off); port (not_shared, steered, handed_over, steering_refused)."),
        new(MetricNames.CrosspointSrtpInfo, MetricType.Gauge, "", ["engine", "instructions", "reason"], "Always 1. Whose ciphers protect media: engine (ipsec-mb, openssl), its instructions (avx512, avx2, or empty for openssl) and the reason: loaded, or why it is openssl (not_wanted, platform_unsupported, library_missing, library_broken, version_unknown, processor_unsupported, self_test_failed, known_answer_wrong, comparison_wrong)."),
        new(MetricNames.CrosspointWorkerBusyRatio, MetricType.Gauge, "1", ["worker"], "The share of the last second a worker spent outside waiting, 0 to 1."),
        new(MetricNames.CrosspointWorkerLoadRatio, MetricType.Gauge, "1", ["worker"], "What placement and admission go by: how busy a worker is, smoothed over about a second, 0 to 1."),
        new(MetricNames.CrosspointWorkerOverloaded, MetricType.Gauge, "", ["worker"], "1 while a worker takes no new rooms and transports because of its load."),
        new(MetricNames.CrosspointRoomBranches, MetricType.Gauge, "", ["worker"], "Rooms that began on another worker and grew to this one."),
        new(MetricNames.CrosspointWorkerLongestTurnSeconds, MetricType.Gauge, "s", ["worker"], "A worker's longest turn in the last second: what a packet waited at most between being read and being handed to the kernel."),
        new(MetricNames.CrosspointWorkerRestsTotal, MetricType.Counter, "", ["worker"], "Turns a loaded worker began up to SFU_GATHER_US later, so that packets could gather."),
        new(MetricNames.CrosspointWorkerMailboxDepth, MetricType.Gauge, "", ["worker"], "Commands waiting for a worker."),
        new(MetricNames.CrosspointWorkerCommandsTotal, MetricType.Counter, "", ["worker"], "Commands a worker carried out, TCP frames included."),
        new(MetricNames.CrosspointWorkerFaultsTotal, MetricType.Counter, "", ["scope"], "Broken invariants: transports, routers and pipes that were closed for one, turns that were cut short."),
        new(MetricNames.CrosspointAdmissionRefusalsTotal, MetricType.Counter, "", ["what", "reason"], "Rooms and transports refused: overloaded (every worker that could take it is busy), limit (its worker holds as many as it may). Refused joins are in calls_join_refusals_total."),
        new(MetricNames.CrosspointMediaReceivedPacketsTotal, MetricType.Counter, "", ["worker"], "UDP datagrams received."),
        new(MetricNames.CrosspointMediaReceivedBytesTotal, MetricType.Counter, "By", ["worker"], "UDP payload bytes received."),
        new(MetricNames.CrosspointMediaReceivedMessagesTotal, MetricType.Counter, "", ["worker"], "Kernel messages received, each one UDP datagram or several merged ones."),
        new(MetricNames.CrosspointMediaSentPacketsTotal, MetricType.Counter, "", ["worker"], "UDP datagrams the kernel took."),
        new(MetricNames.CrosspointMediaSentBytesTotal, MetricType.Counter, "By", ["worker"], "UDP payload bytes the kernel took."),
        new(MetricNames.CrosspointMediaHandoverPacketsTotal, MetricType.Counter, "", ["worker", "direction"], "UDP datagrams of a shared port that a worker gave to their owner (sent), or got from another worker (received)."),
        new(MetricNames.CrosspointMediaSentMessagesTotal, MetricType.Counter, "", ["worker"], "Kernel messages sent, each one UDP datagram or several of one peer."),
        new(MetricNames.CrosspointMediaSegmentationFallbacksTotal, MetricType.Counter, "", ["worker"], "Messages of several datagrams that the kernel refused and that went one by one."),
        new(MetricNames.CrosspointMediaRtpReceivedPacketsTotal, MetricType.Counter, "", ["worker"], "RTP packets taken in by routers, over UDP and TCP."),
        new(MetricNames.CrosspointMediaRtpSentPacketsTotal, MetricType.Counter, "", ["worker"], "RTP packets sent to consumers, over UDP and TCP."),
        new(MetricNames.CrosspointMediaPaddingSentBytesTotal, MetricType.Counter, "By", ["worker"], "Bytes of RTP padding added so that packets of nearly one size leave in one kernel message."),
        new(MetricNames.CrosspointPipePacketsTotal, MetricType.Counter, "", ["worker", "direction"], "RTP and RTCP packets between the workers of rooms that live on several: sent into pipes, received from them. One for each worker, not for each consumer."),
        new(MetricNames.CrosspointMediaDroppedPacketsTotal, MetricType.Counter, "", ["stage", "reason"], "Packets not used or not sent, by who dropped them (socket, worker, tcp, peer, router, consumer) and why."),
        new(MetricNames.CrosspointWorkerDelayedHandshakesTotal, MetricType.Counter, "", ["worker"], "DTLS datagrams that waited for a later turn of a worker, so that a storm of joins does not hold up media."),
        new(MetricNames.CrosspointMediaLostPacketsTotal, MetricType.Counter, "", ["kind"], "RTP packets from clients that never came, before repair."),
        new(MetricNames.CrosspointMediaRetransmittedPacketsTotal, MetricType.Counter, "", [], "RTP packets sent again after a NACK."),
        new(MetricNames.CrosspointMediaNacksTotal, MetricType.Counter, "", ["direction"], "Packets asked for again, each request counted: received from consumers, sent to producers."),
        new(MetricNames.CrosspointMediaKeyframeRequestsTotal, MetricType.Counter, "", ["direction"], "PLI and FIR: received from consumers, sent to producers; the difference was merged."),
        new(MetricNames.CrosspointTcpConnections, MetricType.Gauge, "", [], "ICE-TCP connections open now."),
        new(MetricNames.CrosspointTcpClosedConnectionsTotal, MetricType.Counter, "", ["reason"], "ICE-TCP connections that ended, by reason; those refused by a limit included."),
    ];

    private static readonly Dictionary<string, MetricDescriptor> ByName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The row of <paramref name="name"/>; throws when there is none, because an undocumented metric is a mistake.</summary>
    public static MetricDescriptor Of(string name) => ByName.TryGetValue(name, out var row)
        ? row
        : throw new ArgumentException($"{name} is not in the metric catalogue.", nameof(name));
}
