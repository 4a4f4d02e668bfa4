using System.Runtime.CompilerServices;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Repair;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>A track that is sent to one peer, as a stream of our own: its numbers, its keyframe to begin with, its repairs.</summary>
/// <remarks>One owner: the router's thread.</remarks>
public sealed class Consumer
{
    // In which a keyframe's packets come from its sender, who paces too.
    private static readonly TimeSpan KeyFrameSpan = TimeSpan.FromMilliseconds(100);

    // Only for a track with layers or several encodings.
    private LayeredOutput? _layers;
    private SequenceNumber? _began;
    private bool _skips; // something was taken out, and the next keyframe is what to go on with

    private SequenceRewriter _sequence;
    private TimestampRewriter _timestamp;
    private bool _newTimeline;
    private long _packets;
    private long _bytes;
    private MediaDropCounters _drops;
    private ConsumerWish _wish = new();
    private bool _beginsSpurt;
    private SequenceNumber? _spurtAt;

    // Null without repair packets, which is mostly.
    private readonly ConsumerFec? _fec;

    internal Consumer(RouterTransport transport, Producer producer, ConsumerPlan plan, bool paused)
    {
        Transport = transport;
        Producer = producer;
        Plan = plan;
        State = paused ? ConsumerState.Paused : ConsumerState.AwaitingStart;

        // Below half the circle, so that a receiver that joins late does not mistake the first wrap (RFC 3711 §3.3.1).
        _sequence = new SequenceRewriter(new((ushort)(transport.Router.NextRandom() & 0x7FFF)));
        Resends = new Resender(this);
        Feedback = new ConsumerFeedback(this);
        _timestamp = new TimestampRewriter(transport.Router.NextRandom(), plan.ClockRate);
        _fec = plan.FecPayloadType is not null && transport.Router.Options.Fec.IsEnabled ? new ConsumerFec(transport.Router, plan) : null;
        if (producer.Streams.Length > 1)
        {
            _layers = new LayeredOutput(producer, plan.Encoding, _sequence.HighestOutput, null, _timestamp.Offset);
        }
    }

    /// <summary>What it is sent.</summary>
    public ConsumerPlan Plan { get; }

    /// <summary>The transport it is sent on.</summary>
    public RouterTransport Transport { get; }

    /// <summary>What it consumes.</summary>
    public Producer Producer { get; }

    /// <summary>For the shell to find its own object again.</summary>
    public object? Tag { get; set; }

    /// <summary>Where it stands.</summary>
    public ConsumerState State { get; private set; }

    /// <summary>The highest layers that may be sent; null while nothing may be.</summary>
    internal LayerId? Target { get; private set; } = LayerId.Highest;

    /// <summary>The layers that are being sent; null while nothing is.</summary>
    public LayerId? Current { get; private set; }

    /// <summary>Who goes first when there is not enough for all, 0 to 255; 1 unless said otherwise.</summary>
    public byte Priority => _wish.Priority;

    /// <summary>The highest layer wanted; null for all there are.</summary>
    public LayerId? PreferredLayers => _wish.Preferred;

    /// <summary>Why the router itself sends it nothing.</summary>
    public Suspension Suspension => _wish.Suspension;

    /// <summary>What is sent it again.</summary>
    internal Resender Resends { get; }

    /// <summary>What its receiver says of it.</summary>
    internal ConsumerFeedback Feedback { get; }

    internal ref ConsumerWish Wish => ref _wish;

    /// <summary>The last sequence number given out.</summary>
    internal SequenceNumber HighestOutput => _layers?.HighestOutput ?? _sequence.HighestOutput;

    /// <summary>The newest timestamp sent.</summary>
    internal RtpTimestamp NewestTimestamp => _timestamp.Newest;

    /// <summary>True while its packets are numbered by layers and encodings.</summary>
    internal bool IsLayered => _layers is not null;

    /// <summary>The first packet of the last keyframe of a layered track; null before one.</summary>
    internal SequenceNumber? Began => _began;

    /// <summary>True when something that waited was taken out for that keyframe: its receiver misses it, and is to go on without.</summary>
    internal bool HasSkipped { get; private set; }

    /// <summary>When that was sent; long ago before one.</summary>
    internal Instant BeganAt { get; private set; } = Instant.Zero - TimeSpan.FromDays(1);

    /// <summary>True for what was to be sent while that keyframe came.</summary>
    internal bool IsOfKeyFrame(Instant at) => at >= BeganAt && at - BeganAt < KeyFrameSpan;

    /// <summary>When the last packet of that keyframe left, as far as is known.</summary>
    internal Instant KeyFrameLeftAt { get; set; } = Instant.Zero - TimeSpan.FromDays(1);

    internal ref TimestampRewriter Timestamp => ref _timestamp;

    /// <summary>The first packet after the last silence; null before one.</summary>
    internal SequenceNumber? SpurtAt => _spurtAt;

    /// <summary>Whether what is sent again is sent as it was, transport-wide number and all: without RTX.</summary>
    internal bool KeepsNumbers => Plan.RtxPayloadType is null && Plan.Feedback.Includes(FeedbackFlags.Nack);

    /// <summary>True when its receiver takes RTX, which need carry nothing new.</summary>
    internal bool CanPad => Plan.RtxPayloadType is not null && Plan.Feedback.Includes(FeedbackFlags.TransportWide);

    private SentKind Kind => Producer.IsVideo ? SentKind.Media : SentKind.Audio;

    /// <summary>What has been sent and what came back.</summary>
    public ConsumerStatistics GetStatistics() => new(
        _packets,
        _bytes,
        Resends.Nacks,
        Resends.Resent,
        Resends.ResentBytes,
        Feedback.KeyFrameRequests,
        Feedback.LastReport.FractionLost,
        Feedback.LastReport.CumulativeLost,
        TimeSpan.FromSeconds(Feedback.LastReport.Jitter / (double)Plan.ClockRate),
        MeasuredRoundTrip,
        _fec?.Packets ?? 0,
        _fec?.Bytes ?? 0,
        _drops);

    /// <summary>To the consumer; null when not measured.</summary>
    internal TimeSpan? MeasuredRoundTrip => Feedback.RoundTrip;

    /// <summary>What repair packets add to the media's rate, 0 to 1.</summary>
    internal double RepairShare => _fec?.Share ?? 0;

    /// <summary>The stream it is sent; null while it is not sent any of several.</summary>
    internal ProducerStream? Stream => _layers is { } layers ? layers.Stream : Producer.Streams[0];

    internal void Pause() => TryGo(ConsumerState.Paused);

    internal void Resume(Instant now)
    {
        if (State == ConsumerState.Paused)
        {
            TryGo(ConsumerState.AwaitingStart);
            WantKeyFrame(now);
        }
    }

    /// <summary>Counts what is not sent or not obeyed.</summary>
    internal void Drop(MediaDropReason reason) => _drops.Add(reason);

    internal bool TryClose()
    {
        Release();
        return TryGo(ConsumerState.Closed);
    }

    /// <summary>Gives blocks back to the pool.</summary>
    internal void Release() => _fec?.Dispose();

    /// <summary>Asks for a keyframe of what it is sent, or is to be sent.</summary>
    internal void WantKeyFrame(Instant now)
    {
        if (Stream is { } stream)
        {
            stream.WantKeyFrame(now);
        }
        else if (Target is { } target)
        {
            // Repeated with every packet of it, until he begins: with that one, or with another that he is given meanwhile.
            _layers?.Best(now, target)?.WantKeyFrame(now, isRepeated: true);
        }
    }

    /// <summary>Says which layers may be sent from now on. What is sent follows where the streams allow it; nothing more is sent at once.</summary>
    internal void SetTarget(Instant now, LayerId? target)
    {
        if (Target == target)
        {
            return;
        }

        bool begins = Target is null;
        Target = target;
        Transport.Router.NoteLayers(this);
        if (target is null)
        {
            AwaitStart(newTimeline: false);
        }
        else if (begins && State == ConsumerState.AwaitingStart)
        {
            WantKeyFrame(now);
        }
        else
        {
            _layers?.WantSmaller(now, target.Value);
        }
    }

    /// <summary>What is forwarded was interrupted; with a new timeline, its numbers mean something else from now on.</summary>
    internal void AwaitStart(bool newTimeline)
    {
        _newTimeline |= newTimeline;
        if (State == ConsumerState.Forwarding)
        {
            TryGo(ConsumerState.AwaitingStart);
        }
    }

    /// <summary>The next packet is the first after a silence: it has the marker bit (RFC 3551 §4.1). Once in the hold time of a place at most, so the last is all that can be asked for again.</summary>
    internal void BeginSpurt() => _beginsSpurt = true;

    /// <summary>True once something was sent, and while more may be.</summary>
    internal bool IsSending => _packets > 0 && State != ConsumerState.Paused;

    /// <summary>Sends a packet of the producer.</summary>
    internal void Forward(Instant now, ProducerStream stream, in RtpPacket packet, in ExtensionSlots slots, in FrameFacts frame, PayloadTraits traits)
    {
        if ((State != ConsumerState.Forwarding || !Transport.Sink.IsReady) && !CanTake(stream, frame))
        {
            return;
        }

        if (_layers is { } layers)
        {
            LayeredForwarding.Forward(now, this, layers, stream, packet, slots, frame, traits);
            return;
        }

        if (State == ConsumerState.AwaitingStart && !TryStart(now, packet, frame))
        {
            return;
        }

        if (_sequence.Map(packet.SequenceNumber, out SequenceNumber sequence, out uint timestampOffset) != RewriteVerdict.Mapped)
        {
            _drops.Add(MediaDropReason.BeforeStart);
            return;
        }

        RtpTimestamp timestamp = packet.Timestamp + timestampOffset;
        PayloadType type = Plan.PayloadType;
        ReadOnlySpan<byte> prefix = default;
        ReadOnlySpan<byte> payload = packet.Payload;
        if (!Producer.IsVideo && Transport.Router.Red.IsRed)
        {
            Transport.Router.Red.Split(Plan, packet.Payload, out type, out prefix, out payload);
        }

        if (_beginsSpurt)
        {
            (_beginsSpurt, _spurtAt) = (false, sequence);
        }

        Send(now, packet, slots, new(type, packet.Marker || sequence == _spurtAt, sequence, timestamp, Plan.Ssrc), prefix, payload, 0, default, traits);
    }

    /// <summary>The end of every packet's way: its header is written, it leaves or waits for its turn, and repair covers it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Send(
        Instant now,
        in RtpPacket packet,
        in ExtensionSlots slots,
        in RtpHeaderFields fields,
        ReadOnlySpan<byte> prefix,
        ReadOnlySpan<byte> payload,
        ushort frameOffset,
        ActiveDecodeTargets targets,
        PayloadTraits traits)
    {
        Span<byte> header = Transport.Router.Header.Write(now, Plan, fields, packet, slots, frameOffset, targets);

        // What is protected must arrive as it was protected.
        bool mayBePadded = Plan.RtxPayloadType is not null && _fec is not { IsOn: true };
        traits |= mayBePadded ? PayloadTraits.MayBePadded : PayloadTraits.None;
        if (Transport.Downlink is null)
        {
            Transport.Pass(now, header, prefix, payload, traits);
        }
        else
        {
            Transport.Send(now, OutgoingRtp.InHand(this, Kind, header, prefix, payload, traits));
        }

        _timestamp.Sent(now, fields.Timestamp);
        _packets++;
        _bytes += prefix.Length + payload.Length;
        if (_fec is { } fec && fec.Protect(now, fields.SequenceNumber, header, prefix, payload))
        {
            fec.Send(now, this, fields.Timestamp, packet);
        }
    }

    /// <summary>A layered track begins anew: with a keyframe, or from another encoding.</summary>
    internal void BeginAnew(Instant now, SequenceNumber first)
    {
        (_began, BeganAt, KeyFrameLeftAt) = (first, now, now);
        bool skips = Transport.Downlink?.BeginAnew(now, this) ?? false;
        (HasSkipped, _skips) = (_skips || skips, false);
    }

    /// <summary>A packet of the producer has nothing in it: the consumer's numbers close over it.</summary>
    internal void LeaveOut(Instant now, ProducerStream stream, in RtpPacket packet)
    {
        if (State != ConsumerState.Forwarding)
        {
            return;
        }

        if (_layers is not { } layers)
        {
            _sequence.LeaveOut(packet.SequenceNumber);
        }
        else if (layers.LeaveOut(stream, packet.SequenceNumber, out OutgoingFrame outgoing) && Transport.Sink.IsReady)
        {
            LayeredForwarding.Send(now, this, packet, default, default, outgoing, PayloadTraits.None);
        }
    }

    /// <summary>The receiver reports so much loss, in 1/256; repair packets follow it.</summary>
    internal void HandleLoss(Instant now, byte fractionLost) => _fec?.HandleReport(now, fractionLost, MeasuredRoundTrip, _packets);

    /// <summary>What our next sender report says; false while there is nothing true to say.</summary>
    internal bool TryMakeReport(Instant now, out SenderInfo info)
    {
        info = default;
        if (State != ConsumerState.Forwarding || _packets == 0 || Stream is not { Clock.HasReport: true } stream)
        {
            return false;
        }

        (NtpTimestamp ntp, RtpTimestamp rtp) = stream.Clock.At(now);
        info = new SenderInfo(ntp, rtp + _timestamp.Offset, (uint)_packets, (uint)_bytes);
        return true;
    }

    private bool CanTake(ProducerStream stream, in FrameFacts frame)
    {
        if (State == ConsumerState.Paused)
        {
            _drops.Add(MediaDropReason.ConsumerPaused);
            return false;
        }

        if (!Transport.MayReceive)
        {
            _drops.Add(MediaDropReason.ForwardingStopped);
            return false;
        }

        if (!Transport.Sink.IsReady)
        {
            _drops.Add(MediaDropReason.SinkNotReady);
            return false;
        }

        if (State != ConsumerState.AwaitingStart)
        {
            return true;
        }

        if (Target is null)
        {
            _drops.Add(MediaDropReason.ConsumerStarved);
            return false;
        }

        // Whether there is something to choose from is known when a keyframe has come.
        if (_layers is null && stream.Layers.IsLayered && frame.Has(FrameFlags.KeyFrame))
        {
            _layers = new LayeredOutput(Producer, Plan.Encoding, _sequence.HighestOutput, _newTimeline ? null : stream, _timestamp.Offset);
        }

        return true;
    }

    private bool TryStart(Instant now, in RtpPacket packet, in FrameFacts frame)
    {
        if (Producer.IsVideo && !frame.Has(FrameFlags.KeyFrame))
        {
            _drops.Add(MediaDropReason.AwaitingKeyFrame);
            WantKeyFrame(now);
            return false;
        }

        if (_newTimeline)
        {
            _timestamp.Rejoin(now, packet.Timestamp);
            _sequence.Restart();
            _newTimeline = false;
        }

        _sequence.Start(packet.SequenceNumber, _timestamp.Offset);
        return TryGo(ConsumerState.Forwarding);
    }

    /// <summary>How a packet was sent, and what it was made of; false when that is forgotten.</summary>
    internal bool TryFindSent(SequenceNumber sequence, out ProducerStream? stream, out OutgoingFrame outgoing)
    {
        outgoing = default;
        if (_layers is { } layers)
        {
            bool found = layers.TryFind(sequence, out SentPacket sent, out OutputEpoch epoch);
            stream = epoch.Stream;
            outgoing = new OutgoingFrame(sequence, epoch.TimestampOffset, epoch.FrameOffset, sent);
            return found;
        }

        stream = Producer.Streams[0];
        if (_newTimeline || !_sequence.TryUnmap(sequence, out SequenceNumber original, out uint timestampOffset))
        {
            return false;
        }

        outgoing = new OutgoingFrame(sequence, timestampOffset, 0, new SentPacket(original, 0, 0, 0, SentFlags.Sent));
        return true;
    }

    /// <summary>True when a packet was sent and is of that picture, as far as is remembered.</summary>
    internal bool HasSent(Instant now, SequenceNumber sequence, RtpTimestamp picture) =>
        TryFindSent(sequence, out ProducerStream? stream, out OutgoingFrame outgoing)
        && stream!.Store.TryGet(now, outgoing.Sent.Input, out StoredPacket stored)
        && RtpPacket.TryParseHeader(stored.Header, out RtpPacket packet)
        && packet.Timestamp + outgoing.TimestampOffset == picture;

    /// <summary>Packets were dropped that could not leave in time.</summary>
    internal void HandlePacingDrop(Instant now, int packets, bool restart)
    {
        for (int i = 0; i < packets; i++)
        {
            _drops.Add(MediaDropReason.PacingQueueFull);
        }

        if (restart)
        {
            _skips |= packets > 0;
            AwaitStart(newTimeline: false);
            WantKeyFrame(now);
        }
    }

    /// <summary>Goes to a state; false where its table has no such way.</summary>
    internal bool TryGo(ConsumerState state)
    {
        if (!ConsumerTransitions.IsAllowed(State, state))
        {
            return false;
        }

        State = state;
        if (state != ConsumerState.Forwarding)
        {
            _layers?.Leave();
        }

        NoteLayers();
        return true;
    }

    /// <summary>What is sent may be of other layers than before: then it is told.</summary>
    internal void NoteLayers()
    {
        LayerId? current = State != ConsumerState.Forwarding ? null : _layers is { } layers ? layers.Current : new LayerId(0, 0);
        if (current != Current && Producer.IsVideo)
        {
            Current = current;
            if (State == ConsumerState.Closed)
            {
                return; // Its closing is told; more would come after the end.
            }

            Transport.Router.NoteLayers(this);
        }
    }
}
