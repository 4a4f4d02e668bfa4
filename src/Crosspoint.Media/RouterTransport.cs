using System.Text;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>One peer's connection as the router sees it: what it sends, what it receives, and where its packets go.</summary>
/// <remarks>One owner: the router's thread.</remarks>
public sealed class RouterTransport : IDeadline
{
    private readonly ReportScheduler _reports;
    private readonly DeadlineHeap<ProducerStream> _streamDeadlines = new(4);

    private long _rtpReceived;
    private long _rtpBytesReceived;
    private long _rtcpReceived;
    private long _rtpSent;
    private long _rtpBytesSent;
    private long _rtcpSent;
    private MediaDropCounters _drops;
    private FrameRefusalCounters _refusals;
    private RttEstimator _roundTrip;
    private ReferenceTimes _referenceTimes;
    private int _nextMid;
    private FeedbackFlags _feedback;

    internal RouterTransport(Router router, IPacketSink sink, int maxProducers, int maxConsumers, bool isRelay)
    {
        IsRelay = isRelay;
        Router = router;
        Sink = sink;
        _reports = new ReportScheduler(router.Options.Reports, router.Random);
        Streams = new SsrcTable<ProducerStream>(maxProducers * 16);
        ConsumersBySsrc = new SsrcTable<Consumer>(maxConsumers * 3);
        MaxProducers = maxProducers;
        MaxConsumers = maxConsumers;
        LocalSsrc = new Ssrc(router.NextRandom() | 1);
        LocalName = Encoding.ASCII.GetBytes($"crosspoint-{router.NextRandom():x8}");
    }

    /// <summary>For the shell to find its own object again.</summary>
    public object? Tag { get; set; }

    /// <summary>The tracks it sends.</summary>
    public IReadOnlyList<Producer> Producers => ProducerList;

    /// <summary>The tracks it receives.</summary>
    public IReadOnlyList<Consumer> Consumers => ConsumerList;

    /// <summary>True when packets of this SSRC are known to be audio that it sends; false also for what nobody has announced or learned yet.</summary>
    public bool SendsAudio(Ssrc ssrc) => Streams.TryGet(ssrc, out ProducerStream? stream) && !stream!.Producer.IsVideo;

    /// <summary>How many videos it receives at most.</summary>
    public SubscriberLimits Limits { get; internal set; }

    /// <inheritdoc/>
    int IDeadline.HeapIndex { get; set; } = -1;

    internal Router Router { get; }

    internal IPacketSink Sink { get; }

    /// <summary>It leads to another router of the room, over memory: there is no network to find the width of.</summary>
    internal bool IsRelay { get; }

    /// <summary>The way out to a network of unknown width; null while nobody negotiated feedback.</summary>
    internal Downlink? Downlink { get; private set; }

    /// <summary>What the peer is told of the way its packets come; null while it negotiated none of it.</summary>
    internal Uplink? Uplink { get; private set; }

    /// <summary>How many of its consumers padding can be sent to.</summary>
    internal int PaddableCount { get; private set; }

    internal bool IsRemoved { get; set; }

    /// <summary>False while nothing it sends is forwarded, whatever it begins to send.</summary>
    internal bool MaySend { get; set; } = true;

    /// <summary>False while nothing is forwarded to it.</summary>
    internal bool MayReceive { get; set; } = true;

    internal int MaxProducers { get; }

    internal int MaxConsumers { get; }

    internal List<Producer> ProducerList { get; } = [];

    internal List<Consumer> ConsumerList { get; } = [];

    /// <summary>Incoming streams by SSRC, those of RTX included.</summary>
    internal SsrcTable<ProducerStream> Streams { get; }

    /// <summary>Outgoing streams by SSRC, those of RTX included.</summary>
    internal SsrcTable<Consumer> ConsumersBySsrc { get; }

    /// <summary>Who we are in reports about what we receive.</summary>
    internal Ssrc LocalSsrc { get; }

    internal ReadOnlyMemory<byte> LocalName { get; }

    /// <summary>To the peer, as any of its reports told.</summary>
    internal TimeSpan RoundTrip => _roundTrip.Or(Router.Options.AssumedRoundTrip);

    internal TimeSpan? MeasuredRoundTrip => _roundTrip.HasSample ? _roundTrip.Smoothed : null;

    /// <summary>A MID for the next consumer, unique on this transport: "0", "1" …</summary>
    public string NextMid() => (_nextMid++).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How its outgoing media stands against its network; null when nobody negotiated feedback.</summary>
    public DownlinkStatistics? GetDownlinkStatistics() => Downlink?.Statistics;

    /// <summary>What went through.</summary>
    public RouterTransportStatistics GetStatistics() => new(
        _rtpReceived, _rtpBytesReceived, _rtcpReceived, _rtpSent, _rtpBytesSent, _rtcpSent, ProducerList.Count, ConsumerList.Count, _drops);

    /// <summary>Frames of its tracks that were refused, where frames are encrypted.</summary>
    public FrameRefusalCounters GetFrameRefusals() => _refusals;

    internal void Drop(MediaDropReason reason) => _drops.Add(reason);

    internal void CountRefusal(PayloadFormat codec, FrameRefusal refusal) => _refusals.Add(codec, refusal);

    internal void CountRtpReceived(Instant now, int length)
    {
        _rtpReceived++;
        _rtpBytesReceived += length;
        StartReports(now);
    }

    internal void CountRtcpReceived() => _rtcpReceived++;

    internal ref ReferenceTimes ReferenceTimes => ref _referenceTimes;

    internal bool UpdateRoundTrip(Instant now, Rtc.Rtcp.NtpShort quoted, Rtc.Rtcp.NtpShort delay) =>
        _roundTrip.Update(Router.ToNtp(now), quoted, delay);

    /// <summary>Sends a packet of a consumer, when its turn has come.</summary>
    internal void Send(Instant now, in OutgoingRtp packet)
    {
        if (Downlink is { } downlink)
        {
            downlink.Send(now, packet);
        }
        else
        {
            Pass(now, packet.Header, packet.Prefix, packet.Payload, packet.Traits);
        }
    }

    /// <summary>Sends a packet that exists only to be sent; what it took on the wire.</summary>
    internal int SendPadding(Instant now, in OutgoingRtp packet) => Downlink?.SendPadding(now, packet) ?? 0;

    /// <summary>Sends a packet now.</summary>
    internal void Pass(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        StartReports(now);
        _rtpSent++;
        _rtpBytesSent += header.Length + prefix.Length + payload.Length;
        Sink.SendRtp(now, header, prefix, payload, traits);
    }

    /// <summary>What was passed to its sink at one time really leaves at another.</summary>
    /// <param name="now">The time of the calls that sent it.</param>
    /// <param name="leaving">When it leaves.</param>
    public void HandleDeparture(Instant now, Instant leaving) => Downlink?.HandleDeparture(now, leaving);

    internal void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        _rtcpSent++;
        Sink.SendRtcp(now, packet);
    }

    internal void Register(Producer producer)
    {
        foreach (ProducerStream stream in producer.Streams)
        {
            if (!TryRegister(stream.Ssrc, stream) || !TryRegister(stream.RtxSsrc, stream))
            {
                UnregisterStreams(producer);
                throw new NegotiationException(NegotiationError.Duplicate, $"encodings[{stream.Index}].ssrc", "already used on this transport");
            }
        }

        ProducerList.Add(producer);
        if (!IsRelay)
        {
            Uplink ??= new Uplink(this);
            Uplink.Note(producer.Plan);
        }
    }

    internal void Unregister(Producer producer)
    {
        UnregisterStreams(producer);
        ProducerList.Remove(producer);
    }

    internal void Register(Instant now, Consumer consumer)
    {
        ConsumerPlan plan = consumer.Plan;
        if (!TryRegister(plan.Ssrc, consumer) || !TryRegister(plan.RtxSsrc, consumer) || !TryRegister(plan.FecSsrc, consumer))
        {
            UnregisterStreams(consumer);
            throw new NegotiationException(NegotiationError.Duplicate, "encodings[0].ssrc", "already used on this transport");
        }

        ConsumerList.Add(consumer);
        NoteFeedback(now, plan.Feedback);
        PaddableCount += consumer.CanPad ? 1 : 0;
    }

    internal void Unregister(Consumer consumer)
    {
        UnregisterStreams(consumer);
        ConsumerList.Remove(consumer);
        PaddableCount -= consumer.CanPad ? 1 : 0;
        Downlink?.Forget(consumer);
    }

    /// <summary>Does what is due; says when there is more.</summary>
    internal Instant HandleTimeout(Instant now)
    {
        while (_streamDeadlines.TryPop(now, out ProducerStream stream))
        {
            Instant again = stream.HandleTimeout(now);
            _streamDeadlines.Set(stream, again > now ? again : now + Router.ShortestWait);
        }

        if (_reports.TryTake(now))
        {
            OutgoingReports.Send(now, this);
            TellScores(now);
        }

        Uplink?.HandleTimeout(now);
        Downlink?.HandleTimeout(now);

        Instant next = Instant.Min(_streamDeadlines.Next, _reports.NextTimeout);
        next = Instant.Min(next, Uplink?.NextTimeout ?? Instant.Never);
        return Instant.Min(next, Downlink?.NextAfter(now) ?? Instant.Never);
    }

    /// <summary>A stream of this transport wants to be woken.</summary>
    internal void Arm(ProducerStream stream, Instant timeout)
    {
        _streamDeadlines.Advance(stream, timeout);
        Router.Arm(this, timeout);
    }

    /// <summary>Something of this transport wants to be woken.</summary>
    internal void Arm(Instant timeout) => Router.Arm(this, timeout);

    /// <summary>True when one of its consumers negotiated this.</summary>
    internal bool Accepts(FeedbackFlags kind) => _feedback.Includes(kind);

    // What was negotiated for one track holds for the transport, and goes on when the track is gone.
    private void NoteFeedback(Instant now, FeedbackFlags feedback)
    {
        FeedbackFlags allowed = Router.Options.CongestionControl switch
        {
            CongestionControl.None => FeedbackFlags.None,
            CongestionControl.EstimatedMaximumBitrate => FeedbackFlags.EstimatedMaximumBitrate,
            _ => FeedbackFlags.TransportWide | FeedbackFlags.EstimatedMaximumBitrate,
        };
        _feedback |= feedback & allowed;
        if (!IsRelay && _feedback != FeedbackFlags.None)
        {
            Downlink ??= new Downlink(now, this);
            Downlink.Note(_feedback);
        }
    }

    // With the reports: as often as something new is known.
    private void TellScores(Instant now)
    {
        if (IsRelay)
        {
            return;
        }

        foreach (Producer producer in ProducerList)
        {
            (long packets, long lost) = producer.CountArrivals();
            if (!producer.IsPaused && producer.Score.Update(now, packets, lost))
            {
                Router.Raise(new RouterEvent { Kind = RouterEventKind.ProducerScore, Producer = producer, Score = producer.Score.Told });
            }
        }

        foreach (Consumer consumer in ConsumerList)
        {
            if (consumer.Feedback.UpdateScore(now, out byte score))
            {
                Router.Raise(new RouterEvent { Kind = RouterEventKind.ConsumerScore, Consumer = consumer, Score = score });
            }
        }
    }

    private void StartReports(Instant now)
    {
        if (_reports.NextTimeout.IsNever)
        {
            bool hasVideo = ProducerList.Exists(static producer => producer.Plan.Kind == Contracts.Rtp.MediaKind.Video)
                || ConsumerList.Exists(static consumer => consumer.Plan.Kind == Contracts.Rtp.MediaKind.Video);
            _reports.Start(now, hasVideo);
            Router.Arm(this, _reports.NextTimeout);
        }
    }

    private bool TryRegister(Ssrc ssrc, Consumer consumer) => ssrc == Ssrc.None || ConsumersBySsrc.TryAdd(ssrc, consumer);

    private void UnregisterStreams(Consumer consumer)
    {
        foreach (Ssrc ssrc in (ReadOnlySpan<Ssrc>)[consumer.Plan.Ssrc, consumer.Plan.RtxSsrc, consumer.Plan.FecSsrc])
        {
            if (ConsumersBySsrc.TryGet(ssrc, out Consumer? found) && found == consumer)
            {
                ConsumersBySsrc.Remove(ssrc);
            }
        }
    }

    private bool TryRegister(Ssrc ssrc, ProducerStream stream) => ssrc == Ssrc.None || Streams.TryAdd(ssrc, stream);

    // Only what is this producer's own: a refused one may have met the streams of another.
    private void UnregisterStreams(Producer producer)
    {
        foreach (ProducerStream stream in producer.Streams)
        {
            Unregister(stream.Ssrc, stream);
            Unregister(stream.RtxSsrc, stream);
            _streamDeadlines.Remove(stream);
        }
    }

    internal void Unregister(Ssrc ssrc, ProducerStream stream)
    {
        if (Streams.TryGet(ssrc, out ProducerStream? found) && found == stream)
        {
            Streams.Remove(ssrc);
        }
    }
}
