namespace Crosspoint.Media.Statistics;

/// <summary>What has been sent to a consumer, and what it says of it.</summary>
/// <param name="Packets">RTP packets sent for the first time.</param>
/// <param name="Bytes">Their payload.</param>
/// <param name="NacksReceived">Packets the consumer asked for, each request counted.</param>
/// <param name="Resent">Packets sent again.</param>
/// <param name="ResentBytes">Their payload.</param>
/// <param name="KeyFrameRequestsReceived">PLI and FIR taken from it.</param>
/// <param name="FractionLost">Lost in its last report interval, in 1/256.</param>
/// <param name="Lost">Lost since the beginning, as it says, before repair.</param>
/// <param name="Jitter">As it says.</param>
/// <param name="RoundTripTime">To the consumer; null when not measured.</param>
/// <param name="RepairPackets">Repair packets (FlexFEC) sent.</param>
/// <param name="RepairBytes">Their payload.</param>
/// <param name="Drops">What was not sent or not obeyed, by reason.</param>
public readonly record struct ConsumerStatistics(
    long Packets,
    long Bytes,
    long NacksReceived,
    long Resent,
    long ResentBytes,
    long KeyFrameRequestsReceived,
    byte FractionLost,
    int Lost,
    TimeSpan Jitter,
    TimeSpan? RoundTripTime,
    long RepairPackets,
    long RepairBytes,
    MediaDropCounters Drops);
