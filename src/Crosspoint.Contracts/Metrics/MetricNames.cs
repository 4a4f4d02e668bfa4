namespace Crosspoint.Contracts.Metrics;

/// <summary>Every metric by the name an instrument is made with and operators see. Durations are in seconds, sizes in bytes.</summary>
public static class MetricNames
{
    /// <summary>The prefix of every meter whose instruments are exposed.</summary>
    public const string MeterPrefix = "Crosspoint";

    /// <summary>From ROOM_JOIN to both of a connection's first transports connected.</summary>
    public const string CallsSetupDurationSeconds = "calls_setup_duration_seconds";

    /// <summary>Joins by outcome: connected, failed, abandoned.</summary>
    public const string CallsSetupSuccessTotal = "calls_setup_success_total";

    /// <summary>KEY_ACK frames by outcome: relayed, invalid.</summary>
    public const string CallsE2eeKeyAckTotal = "calls_e2ee_key_ack_total";

    /// <summary>REKEY_COMMIT frames that moved a room to a higher epoch.</summary>
    public const string CallsE2eeRekeyTotal = "calls_e2ee_rekey_total";

    /// <summary>Rekeys that were begun and given up, by reason.</summary>
    public const string CallsE2eeRekeyAbortTotal = "calls_e2ee_rekey_abort_total";

    /// <summary>Requests that named another epoch than the room's, by message type.</summary>
    public const string CallsE2eeEpochDesyncTotal = "calls_e2ee_epoch_desync_total";

    /// <summary>From the first DTLS flight to keys for SRTP.</summary>
    public const string CallsTransportDtlsConnectSeconds = "calls_transport_dtls_connect_seconds";

    /// <summary>Transports by ICE outcome: connected, failed.</summary>
    public const string CallsTransportIceSuccessTotal = "calls_transport_ice_success_total";

    /// <summary>Producers made.</summary>
    public const string CallsMediaProduceSuccessTotal = "calls_media_produce_success_total";

    /// <summary>Consumers made.</summary>
    public const string CallsMediaConsumeSuccessTotal = "calls_media_consume_success_total";

    /// <summary>HELLO frames that asked to resume: ok, refused.</summary>
    public const string CallsWsReconnectTotal = "calls_ws_reconnect_total";

    /// <summary>Retried frames acknowledged without being done again.</summary>
    public const string CallsWsMessageDedupTotal = "calls_ws_message_dedup_total";

    /// <summary>Frames taken in from clients, by type; unknown types count as other.</summary>
    public const string CallsWsMessagesTotal = "calls_ws_messages_total";

    /// <summary>Client frames dropped without an answer, by reason.</summary>
    public const string CallsWsMessagesDroppedTotal = "calls_ws_messages_dropped_total";

    /// <summary>Requests refused, by type and error code.</summary>
    public const string CallsWsRefusalsTotal = "calls_ws_refusals_total";

    /// <summary>WebSockets that tried to open, by outcome.</summary>
    public const string CallsWsConnectsTotal = "calls_ws_connects_total";

    /// <summary>WebSockets closed, by close reason.</summary>
    public const string CallsWsClosesTotal = "calls_ws_closes_total";

    /// <summary>AUTH frames by outcome.</summary>
    public const string CallsAuthAttemptsTotal = "calls_auth_attempts_total";

    /// <summary>Joins refused, by reason.</summary>
    public const string CallsJoinRefusalsTotal = "calls_join_refusals_total";

    /// <summary>Devices that entered a room.</summary>
    public const string CallsPeersJoinedTotal = "calls_peers_joined_total";

    /// <summary>Devices that left a room, by reason.</summary>
    public const string CallsPeersLeftTotal = "calls_peers_left_total";

    /// <summary>Transport state changes, by new state and reason.</summary>
    public const string CallsTransportStatesTotal = "calls_transport_states_total";

    /// <summary>Requests the media plane refused, by error code.</summary>
    public const string CallsMediaRefusalsTotal = "calls_media_refusals_total";

    /// <summary>Rooms whose media worker died.</summary>
    public const string CallsMediaRoomsLostTotal = "calls_media_rooms_lost_total";

    /// <summary>Broken invariants, by place.</summary>
    public const string CallsInternalErrorsTotal = "calls_internal_errors_total";

    /// <summary>Always 1; the version is the label.</summary>
    public const string CrosspointBuildInfo = "crosspoint_build_info";

    /// <summary>Since the start of the process.</summary>
    public const string CrosspointUptimeSeconds = "crosspoint_uptime_seconds";

    /// <summary><c>crosspoint_gc_collections_total</c></summary>
    public const string CrosspointGcCollectionsTotal = "crosspoint_gc_collections_total";

    /// <summary><c>crosspoint_metrics_failures_total</c></summary>
    public const string CrosspointMetricsFailuresTotal = "crosspoint_metrics_failures_total";

    /// <summary><c>crosspoint_gc_heap_bytes</c></summary>
    public const string CrosspointGcHeapBytes = "crosspoint_gc_heap_bytes";

    /// <summary><c>crosspoint_gc_committed_bytes</c></summary>
    public const string CrosspointGcCommittedBytes = "crosspoint_gc_committed_bytes";

    /// <summary><c>crosspoint_gc_pause_seconds_total</c></summary>
    public const string CrosspointGcPauseSecondsTotal = "crosspoint_gc_pause_seconds_total";

    /// <summary>Rooms now.</summary>
    public const string CrosspointRooms = "crosspoint_rooms";

    /// <summary>Peers now: joined, rejoining.</summary>
    public const string CrosspointPeers = "crosspoint_peers";

    /// <summary>Transports now, by connection state; native media.</summary>
    public const string CrosspointTransports = "crosspoint_transports";

    /// <summary>Producers now.</summary>
    public const string CrosspointProducers = "crosspoint_producers";

    /// <summary>Consumers now; native media.</summary>
    public const string CrosspointConsumers = "crosspoint_consumers";

    /// <summary>Devices now, those in their resume grace period included.</summary>
    public const string CrosspointSessions = "crosspoint_sessions";

    /// <summary>WebSockets open now.</summary>
    public const string CrosspointWsConnections = "crosspoint_ws_connections";

    /// <summary>Sockets that wait to be let in (SFU_JOIN_RATE).</summary>
    public const string CrosspointJoinsWaiting = "crosspoint_joins_waiting";

    /// <summary>How long sockets waited that were let in.</summary>
    public const string CrosspointJoinWaitSeconds = "crosspoint_join_wait_seconds";

    /// <summary>Bytes of frames from clients.</summary>
    public const string CrosspointWsReceivedBytesTotal = "crosspoint_ws_received_bytes_total";

    /// <summary>Frames to clients.</summary>
    public const string CrosspointWsSentFramesTotal = "crosspoint_ws_sent_frames_total";

    /// <summary>Bytes of frames to clients.</summary>
    public const string CrosspointWsSentBytesTotal = "crosspoint_ws_sent_bytes_total";

    /// <summary>From a request to its ACK.</summary>
    public const string CrosspointWsRequestDurationSeconds = "crosspoint_ws_request_duration_seconds";

    /// <summary>Worker threads: running, failed.</summary>
    public const string CrosspointWorkers = "crosspoint_workers";

    /// <summary>Always 1; how datagrams are moved is in the labels.</summary>
    public const string CrosspointUdpInfo = "crosspoint_udp_info";

    /// <summary>Always 1; whose ciphers protect media is in the labels.</summary>
    public const string CrosspointSrtpInfo = "crosspoint_srtp_info";

    /// <summary>Datagrams handed from worker to worker on a shared UDP port.</summary>
    public const string CrosspointMediaHandoverPacketsTotal = "crosspoint_media_handover_packets_total";

    /// <summary>Kernel messages received.</summary>
    public const string CrosspointMediaReceivedMessagesTotal = "crosspoint_media_received_messages_total";

    /// <summary>Kernel messages sent.</summary>
    public const string CrosspointMediaSentMessagesTotal = "crosspoint_media_sent_messages_total";

    /// <summary>Messages of several datagrams that were refused and sent one by one.</summary>
    public const string CrosspointMediaSegmentationFallbacksTotal = "crosspoint_media_segmentation_fallbacks_total";

    /// <summary>The core a worker is pinned to; -1 when it is not.</summary>
    public const string CrosspointWorkerCore = "crosspoint_worker_core";

    /// <summary>The share of the last second a worker spent outside waiting, 0 to 1.</summary>
    public const string CrosspointWorkerBusyRatio = "crosspoint_worker_busy_ratio";

    /// <summary>What placement and admission go by: how busy a worker is, smoothed over about a second, 0 to 1.</summary>
    public const string CrosspointWorkerLoadRatio = "crosspoint_worker_load_ratio";

    /// <summary>1 while a worker takes no new rooms and transports because of its load.</summary>
    public const string CrosspointWorkerOverloaded = "crosspoint_worker_overloaded";

    /// <summary>Rooms that began on another worker and grew to this one.</summary>
    public const string CrosspointRoomBranches = "crosspoint_room_branches";

    /// <summary>A worker's longest turn in the last second: what a packet waited at most between being read and being handed to the kernel.</summary>
    public const string CrosspointWorkerLongestTurnSeconds = "crosspoint_worker_longest_turn_seconds";

    /// <summary>Commands waiting for a worker.</summary>
    public const string CrosspointWorkerMailboxDepth = "crosspoint_worker_mailbox_depth";

    /// <summary>Commands a worker carried out, TCP frames included.</summary>
    public const string CrosspointWorkerCommandsTotal = "crosspoint_worker_commands_total";

    /// <summary>Broken invariants: transports, routers and pipes that were closed for one, turns that were cut short.</summary>
    public const string CrosspointWorkerFaultsTotal = "crosspoint_worker_faults_total";

    /// <summary>Rooms and transports refused: overloaded (every worker that could take it is busy), limit (its worker holds as many as it may). Refused joins are in calls_join_refusals_total.</summary>
    public const string CrosspointAdmissionRefusalsTotal = "crosspoint_admission_refusals_total";

    /// <summary>What workers told rooms and rooms did not read in time: the control plane is stuck.</summary>
    public const string CrosspointRoomNotificationsDroppedTotal = "crosspoint_room_notifications_dropped_total";

    /// <summary>UDP datagrams received.</summary>
    public const string CrosspointMediaReceivedPacketsTotal = "crosspoint_media_received_packets_total";

    /// <summary>UDP payload bytes received.</summary>
    public const string CrosspointMediaReceivedBytesTotal = "crosspoint_media_received_bytes_total";

    /// <summary>UDP datagrams the kernel took.</summary>
    public const string CrosspointMediaSentPacketsTotal = "crosspoint_media_sent_packets_total";

    /// <summary>UDP payload bytes the kernel took.</summary>
    public const string CrosspointMediaSentBytesTotal = "crosspoint_media_sent_bytes_total";

    /// <summary>RTP packets taken in by routers, over UDP and TCP.</summary>
    public const string CrosspointMediaRtpReceivedPacketsTotal = "crosspoint_media_rtp_received_packets_total";

    /// <summary>RTP packets sent to consumers, over UDP and TCP.</summary>
    public const string CrosspointMediaRtpSentPacketsTotal = "crosspoint_media_rtp_sent_packets_total";

    /// <summary>1 when a worker's thread runs before the rest of the process.</summary>
    public const string CrosspointWorkerBeforeOthers = "crosspoint_worker_before_others";

    /// <summary>Turns a loaded worker began later, so that packets could gather.</summary>
    public const string CrosspointWorkerRestsTotal = "crosspoint_worker_rests_total";

    /// <summary>Bytes of RTP padding added so that packets of nearly one size leave in one kernel message.</summary>
    public const string CrosspointMediaPaddingSentBytesTotal = "crosspoint_media_padding_sent_bytes_total";

    /// <summary>RTP and RTCP packets between the workers of rooms that live on several: sent into pipes, received from them. One for each worker, not for each consumer.</summary>
    public const string CrosspointPipePacketsTotal = "crosspoint_pipe_packets_total";

    /// <summary>Packets not used or not sent, by who dropped them (socket, worker, tcp, peer, router, consumer) and why.</summary>
    public const string CrosspointMediaDroppedPacketsTotal = "crosspoint_media_dropped_packets_total";

    /// <summary>Frames of encrypted rooms that were not forwarded, by codec (opus, vp8, vp9, other) and what their SFrame header said: malformed, leaf, kind, epoch, codec.</summary>
    public const string CrosspointSframeHeaderRejectedTotal = "crosspoint_sframe_header_rejected_total";

    /// <summary>DTLS datagrams that waited for a later turn of a worker, so that a storm of joins does not hold up media.</summary>
    public const string CrosspointWorkerDelayedHandshakesTotal = "crosspoint_worker_delayed_handshakes_total";

    /// <summary>RTP and RTCP packets that waited for a later turn of a worker, because their room had used its share of the one they came in.</summary>
    public const string CrosspointWorkerDelayedPacketsTotal = "crosspoint_worker_delayed_packets_total";

    /// <summary>RTP packets from clients that never came, before repair.</summary>
    public const string CrosspointMediaLostPacketsTotal = "crosspoint_media_lost_packets_total";

    /// <summary>RTP packets sent again after a NACK.</summary>
    public const string CrosspointMediaRetransmittedPacketsTotal = "crosspoint_media_retransmitted_packets_total";

    /// <summary>Packets asked for again, each request counted: received from consumers, sent to producers.</summary>
    public const string CrosspointMediaNacksTotal = "crosspoint_media_nacks_total";

    /// <summary>PLI and FIR: received from consumers, sent to producers; the difference was merged.</summary>
    public const string CrosspointMediaKeyframeRequestsTotal = "crosspoint_media_keyframe_requests_total";

    /// <summary>Transports that adapt to their network, by what keeps the estimate from being higher: none, delay, loss, application_limited, remb, maximum, no_feedback.</summary>
    public const string CrosspointBandwidthTransports = "crosspoint_bandwidth_transports";

    /// <summary>What may be sent to all clients of a worker now, as their networks are believed to carry it, in bytes a second.</summary>
    public const string CrosspointBandwidthTargetBytes = "crosspoint_bandwidth_target_bytes";

    /// <summary>What all clients of a worker could use at most, in bytes a second; clients get less where the target is lower.</summary>
    public const string CrosspointBandwidthWantedBytes = "crosspoint_bandwidth_wanted_bytes";

    /// <summary>Probes for more bandwidth.</summary>
    public const string CrosspointBandwidthProbesTotal = "crosspoint_bandwidth_probes_total";

    /// <summary>Bytes on the wire that probes were filled with: packets sent again unasked, and padding.</summary>
    public const string CrosspointBandwidthProbeBytesTotal = "crosspoint_bandwidth_probe_bytes_total";

    /// <summary>Transport-wide feedback packets taken from clients.</summary>
    public const string CrosspointBandwidthFeedbacksTotal = "crosspoint_bandwidth_feedbacks_total";

    /// <summary>Statuses in transport-wide feedback about packets never sent, ignored: a client that lies or is broken.</summary>
    public const string CrosspointBandwidthFeedbackNeverSentTotal = "crosspoint_bandwidth_feedback_never_sent_total";

    /// <summary>Bytes that wait for their turn to leave.</summary>
    public const string CrosspointPacingQueuedBytes = "crosspoint_pacing_queued_bytes";

    /// <summary>RTP packets that waited for their turn to leave.</summary>
    public const string CrosspointPacingDelayedPacketsTotal = "crosspoint_pacing_delayed_packets_total";

    /// <summary>Consumers that the router itself sends nothing: bandwidth (not even the lowest layer fits), last_n and max_video (the subscriber's limits).</summary>
    public const string CrosspointSuspendedConsumers = "crosspoint_suspended_consumers";

    /// <summary>ICE-TCP connections open now.</summary>
    public const string CrosspointTcpConnections = "crosspoint_tcp_connections";

    /// <summary>ICE-TCP connections that ended, by reason; those refused by a limit included.</summary>
    public const string CrosspointTcpClosedConnectionsTotal = "crosspoint_tcp_closed_connections_total";

    /// <summary>From a lease to its commit, by the cause of the rekey.</summary>
    public const string CallsE2eeCommitSeconds = "calls_e2ee_commit_seconds";

    /// <summary>From a commit to a member's E2EE_READY.</summary>
    public const string CallsE2eeReadyLagSeconds = "calls_e2ee_ready_lag_seconds";

    /// <summary>Leases that ran out or were used badly.</summary>
    public const string CallsE2eeLeaseExpiredTotal = "calls_e2ee_lease_expired_total";

    /// <summary>Commits for an epoch that existed already.</summary>
    public const string CallsE2eeStaleTotal = "calls_e2ee_stale_total";

    /// <summary>Commits refused, by the check they failed.</summary>
    public const string CallsE2eeBadCommitTotal = "calls_e2ee_bad_commit_total";

    /// <summary>Switches to an epoch that somebody was not ready for.</summary>
    public const string CallsE2eeForcedActiveTotal = "calls_e2ee_forced_active_total";

    /// <summary>E2EE_FAULT frames, by code.</summary>
    public const string CallsE2eeFaultTotal = "calls_e2ee_fault_total";

    /// <summary>Groups that were given up.</summary>
    public const string CallsE2eeGenerationTotal = "calls_e2ee_generation_total";

    /// <summary>Members that had to come in anew.</summary>
    public const string CallsE2eeResyncTotal = "calls_e2ee_resync_total";

    /// <summary>Devices put out of the keys, by reason.</summary>
    public const string CallsE2eeEvictedTotal = "calls_e2ee_evicted_total";
}
