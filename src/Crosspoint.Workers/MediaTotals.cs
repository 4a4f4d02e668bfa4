using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Statistics;

namespace Crosspoint.Workers;

/// <summary>What producers, consumers and transports of a worker's routers counted, living and closed ones together.</summary>
public struct MediaTotals
{
    /// <summary>Audio packets of clients that never came, before repair.</summary>
    public long LostAudio;

    /// <summary>Video packets of clients that never came, before repair.</summary>
    public long LostVideo;

    /// <summary>Packets sent again.</summary>
    public long Retransmitted;

    /// <summary>Packets that consumers asked for, each request counted.</summary>
    public long NacksReceived;

    /// <summary>Packets that producers were asked for, each request counted.</summary>
    public long NacksSent;

    /// <summary>PLI and FIR from consumers.</summary>
    public long KeyFrameRequestsReceived;

    /// <summary>PLI and FIR to producers.</summary>
    public long KeyFrameRequestsSent;

    /// <summary>What came in on a transport and was not acted on.</summary>
    public MediaDropCounters RouterDrops;

    /// <summary>What a consumer was not sent, or asked for in vain.</summary>
    public MediaDropCounters ConsumerDrops;

    /// <summary>Frames that were refused, where frames are encrypted.</summary>
    public FrameRefusalCounters FrameRefusals;

    /// <summary>Packets that waited for their turn to leave.</summary>
    public long PacedPackets;

    /// <summary>Probes for more bandwidth.</summary>
    public long Probes;

    /// <summary>Bytes on the wire that probes were filled with.</summary>
    public long ProbeBytes;

    /// <summary>Transport-wide feedback taken.</summary>
    public long Feedbacks;

    /// <summary>What feedback said of packets that were never sent.</summary>
    public long FeedbackNeverSent;

    internal void Add(MediaKind kind, in ProducerStatistics producer)
    {
        if (kind == MediaKind.Audio)
        {
            LostAudio += producer.Lost;
        }
        else
        {
            LostVideo += producer.Lost;
        }

        NacksSent += producer.NacksSent;
        KeyFrameRequestsSent += producer.KeyFrameRequestsSent;
    }

    internal void Add(in ConsumerStatistics consumer)
    {
        Retransmitted += consumer.Resent;
        NacksReceived += consumer.NacksReceived;
        KeyFrameRequestsReceived += consumer.KeyFrameRequestsReceived;
        ConsumerDrops.AddAll(consumer.Drops);
    }

    internal void Add(RouterTransport transport)
    {
        RouterDrops.AddAll(transport.GetStatistics().Drops);
        FrameRefusals.AddAll(transport.GetFrameRefusals());
        if (transport.GetDownlinkStatistics() is { } downlink)
        {
            PacedPackets += downlink.QueuedPackets;
            Probes += downlink.Probes;
            ProbeBytes += downlink.PaddingBytes;
            Feedbacks += downlink.Feedbacks;
            FeedbackNeverSent += downlink.FeedbackNeverSent;
        }
    }

    // A packet that comes late takes back that it was lost (RFC 3550 §A.3); a total that operators watch never falls.
    internal void KeepLossFrom(in MediaTotals before)
    {
        LostAudio = Math.Max(LostAudio, before.LostAudio);
        LostVideo = Math.Max(LostVideo, before.LostVideo);
    }
}
