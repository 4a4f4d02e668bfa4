using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Media.Congestion;

/// <summary>How a transport's outgoing media stands against its network.</summary>
/// <param name="Target">What may be sent now.</param>
/// <param name="Wanted">What could be used at most.</param>
/// <param name="State">What keeps the target from being higher.</param>
/// <param name="RoundTrip">Of the feedback; null before the first.</param>
/// <param name="LossRatio">Of the last seconds, 0 to 1, before repair.</param>
/// <param name="QueuedBytes">What waits in the pacer's queue.</param>
/// <param name="QueuedPackets">Packets that waited there, ever.</param>
/// <param name="Probes">Probes begun.</param>
/// <param name="PaddingBytes">Bytes sent that carried nothing new, on the wire.</param>
/// <param name="Feedbacks">Transport-wide feedback taken.</param>
/// <param name="FeedbackNeverSent">Statuses about packets never sent, ignored.</param>
public readonly record struct DownlinkStatistics(
    Bitrate Target,
    Bitrate Wanted,
    BandwidthState State,
    TimeSpan? RoundTrip,
    double LossRatio,
    int QueuedBytes,
    long QueuedPackets,
    long Probes,
    long PaddingBytes,
    long Feedbacks,
    long FeedbackNeverSent);
