namespace Crosspoint.Media.Statistics;

/// <summary>What has been received of a producer, all its streams together.</summary>
/// <param name="Packets">RTP packets taken, retransmitted ones included.</param>
/// <param name="Bytes">Their payload.</param>
/// <param name="Lost">Lost on the way, before repair (RFC 3550 §6.4.1); negative after duplicates.</param>
/// <param name="Repaired">Packets that came by retransmission.</param>
/// <param name="NacksSent">Packets asked for, each request counted.</param>
/// <param name="KeyFrameRequestsSent">PLI and FIR sent.</param>
/// <param name="KeyFrames">Keyframes that began.</param>
/// <param name="Jitter">Interarrival jitter of the stream being forwarded.</param>
/// <param name="RoundTripTime">To the producer; null when not measured.</param>
public readonly record struct ProducerStatistics(
    long Packets, long Bytes, long Lost, long Repaired, long NacksSent, long KeyFrameRequestsSent, long KeyFrames, TimeSpan Jitter, TimeSpan? RoundTripTime);
