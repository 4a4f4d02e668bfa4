using System.Diagnostics.CodeAnalysis;
using Crosspoint.Media.Forwarding;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>
/// What one consumer is sent of a track with layers or several encodings: which stream, which frames of it, and under which numbers, so
/// that to the receiver it is one stream that never changed.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
internal sealed class LayeredOutput
{
    private static readonly TimeSpan ShrinkTime = TimeSpan.FromSeconds(1);

    // Given to me.
    private readonly Producer _producer;
    private readonly int? _only;

    // Made by me.
    private readonly OutputMap _map;

    // State.
    private LayerSelector _selector;
    private PictureRewriter _pictures;
    private OutputEpochs _epochs;
    private DecodeTargetSignal _targets;
    private ProducerStream? _stream;
    private PostponedJoin _postponed;
    private bool _isMidPicture;
    private Instant _shrinkingSince = Instant.Never;
    private ushort _newestFrame;
    private bool _hasFrame;

    /// <summary>Goes on from what was sent so far.</summary>
    /// <param name="producer">Whose track it is.</param>
    /// <param name="only">The only encoding that may be sent; null for a choice among all.</param>
    /// <param name="highestOutput">The last sequence number that was sent.</param>
    /// <param name="resumed">The stream that was sent, when its timestamps go on.</param>
    /// <param name="timestampOffset">What was added to them.</param>
    public LayeredOutput(Producer producer, int? only, SequenceNumber highestOutput, ProducerStream? resumed, uint timestampOffset)
    {
        _producer = producer;
        _only = only;
        _map = new OutputMap(highestOutput);
        _pictures = new PictureRewriter(producer.Plan.Codec == PayloadFormat.Vp8);
        _epochs.Begin(new OutputEpoch(resumed, resumed?.Generation ?? 0, timestampOffset, 0));
    }

    /// <summary>The last sequence number given out or kept free.</summary>
    public SequenceNumber HighestOutput => _map.HighestOutput;

    /// <summary>The stream that is sent; null while none is.</summary>
    public ProducerStream? Stream => _stream;

    /// <summary>The layer that is sent; null while none is.</summary>
    public LayerId? Current => _stream is not { } stream ? null : new LayerId(
        _producer.Streams.Length > 1 ? (byte)stream.Index : (byte)Math.Min((int)_selector.Current.Spatial, stream.Layers.SpatialCount - 1),
        (byte)Math.Min((int)_selector.Current.Temporal, stream.Layers.TemporalCount - 1));

    /// <summary>True while a smaller encoding is awaited, for a second at most: what is sent on the way there is not worth telling.</summary>
    public bool IsShrinking(Instant now) => !_shrinkingSince.IsNever && now - _shrinkingSince < ShrinkTime;

    /// <summary>Nothing is sent until the next keyframe.</summary>
    public void Leave()
    {
        Forget();
        if (_stream is { } stream)
        {
            stream.Watchers--;
            _stream = null;
        }
    }

    /// <summary>
    /// True when a keyframe that began while a picture of another stream was under way is to be taken up now, from its first packet on, because that picture
    /// has ended or its end will not come: what came of the keyframe since is in the store.
    /// </summary>
    /// <param name="stream">The stream of the packet in hand.</param>
    /// <param name="frame">What the packet is.</param>
    /// <param name="waiting">The keyframe's stream.</param>
    /// <param name="first">Its first packet.</param>
    public bool TryResume(ProducerStream stream, in FrameFacts frame, [NotNullWhen(true)] out ProducerStream? waiting, out SequenceNumber first)
    {
        bool begins = frame.Has(FrameFlags.BeginsPicture);
        return TryTakeUp(stream == _postponed.Stream ? !_isMidPicture || begins : stream == _stream && begins, out waiting, out first);
    }

    /// <summary>True when the picture that such a keyframe waited for has ended with the packet just sent: it is taken up now, and not when its next packet comes.</summary>
    /// <param name="waiting">The keyframe's stream.</param>
    /// <param name="first">Its first packet.</param>
    public bool TryResumeAfter([NotNullWhen(true)] out ProducerStream? waiting, out SequenceNumber first) => TryTakeUp(!_isMidPicture, out waiting, out first);

    /// <summary>The stream that is to be sent, of those that are alive; null when none is.</summary>
    public ProducerStream? Best(Instant now, LayerId target) =>
        _only is not { } only ? StreamChoice.Best(now, _producer, target) : _producer.Streams[only].IsFlowing(now) ? _producer.Streams[only] : null;

    /// <summary>Less may be sent from now on: what a smaller encoding begins with is asked for at once, not when its next packet comes.</summary>
    public void WantSmaller(Instant now, LayerId target)
    {
        if (_stream is { } sent && target.Spatial < sent.Index && Best(now, target) is { } smaller && smaller.Index < sent.Index)
        {
            smaller.WantKeyFrame(now, isRepeated: true);
        }
    }

    /// <summary>Takes a packet of one of the streams; null when it is to be sent as <paramref name="outgoing"/> says, otherwise why not.</summary>
    public MediaDropReason? Take(
        Instant now, ProducerStream stream, in RtpPacket packet, in FrameFacts frame, LayerId target, ref TimestampRewriter timestamps, out OutgoingFrame outgoing)
    {
        outgoing = default;
        if (stream != _stream && !TryJoin(now, stream, packet, frame, target, ref timestamps))
        {
            return _stream is null ? MediaDropReason.AwaitingKeyFrame : MediaDropReason.LayerNotForwarded;
        }

        if (GivesWay(now, stream, frame, target))
        {
            Leave();
            return MediaDropReason.AwaitingKeyFrame;
        }

        FrameVerdict verdict = Judge(now, stream, packet, frame, target);
        bool keep = verdict == FrameVerdict.Keep;
        _pictures.Pass(frame, keep);
        Placement placement = _map.Place(packet.SequenceNumber, keep, out SequenceNumber sequence);
        switch (placement)
        {
            case Placement.Send:
                outgoing = Send(stream, packet, frame, sequence);
                return null;
            case Placement.Fill:
                outgoing = Fill(packet.SequenceNumber, sequence);
                return null;
            default:
                return placement == Placement.TooLate ? MediaDropReason.BeforeStart : ReasonOf(verdict);
        }
    }

    /// <summary>A packet has nothing in it; true when its number was kept free and is to be filled.</summary>
    public bool LeaveOut(ProducerStream stream, SequenceNumber input, out OutgoingFrame outgoing)
    {
        outgoing = default;
        if (stream != _stream || _map.Place(input, keep: false, out SequenceNumber sequence) != Placement.Fill)
        {
            return false;
        }

        outgoing = Fill(input, sequence);
        return true;
    }

    /// <summary>How a packet was sent; false when it is forgotten.</summary>
    public bool TryFind(SequenceNumber output, out SentPacket sent, out OutputEpoch epoch)
    {
        epoch = default;
        return _map.TryFind(output, out sent) && _epochs.TryFind(sent.Epoch, out epoch);
    }

    private FrameVerdict Judge(Instant now, ProducerStream stream, in RtpPacket packet, in FrameFacts frame, LayerId target)
    {
        if (frame.Has(FrameFlags.Refused))
        {
            return FrameVerdict.OtherLayer;
        }

        FrameVerdict verdict = _selector.Judge(stream.Layers, WishFor(now, stream, target), frame, _map.IsAhead(packet.SequenceNumber));
        if (_selector.NeedsKeyFrame && frame.Has(FrameFlags.BeginsPicture))
        {
            stream.WantKeyFrame(now, isUrgent: !_selector.CanWait, isRepeated: true);
        }

        return verdict;
    }

    // Of several encodings each is sent with all its spatial layers. One that is too large is sent as slowly as still moves until a smaller begins;
    // one that is smaller than it may be loses nothing while a larger is awaited.
    private LayerId WishFor(Instant now, ProducerStream stream, LayerId target)
    {
        if (_producer.Streams.Length == 1)
        {
            return target;
        }

        bool isTooLarge = NoteShrinking(now, stream, target);
        bool isSmaller = stream.Index < target.Spatial && stream == _stream;
        byte temporal = isTooLarge ? Math.Min(target.Temporal, stream.Layers.SlowestMoving) : isSmaller ? Math.Max(target.Temporal, _selector.Current.Temporal) : target.Temporal;
        return new LayerId(LayerMask.SpatialLayers - 1, temporal);
    }

    private bool NoteShrinking(Instant now, ProducerStream stream, LayerId target)
    {
        bool isTooLarge = stream.Index > target.Spatial && Best(now, target) != stream;
        _shrinkingSince = _shrinkingSince.While(isTooLarge, now);
        return isTooLarge;
    }

    // Asked for one, an encoder makes a keyframe of every size at once: that of the size that is too large would be in the way of the smaller one's.
    private bool GivesWay(Instant now, ProducerStream stream, in FrameFacts frame, LayerId target) =>
        frame.Has(FrameFlags.KeyFrame) && frame.Has(FrameFlags.BeginsPicture) && _only is null && NoteShrinking(now, stream, target) && IsShrinking(now);

    private bool TryJoin(Instant now, ProducerStream stream, in RtpPacket packet, in FrameFacts frame, LayerId target, ref TimestampRewriter timestamps)
    {
        bool isWanted = _only is { } only ? stream.Index == only : StreamChoice.IsBetter(now, stream, _stream, target) || IsRescue(now, stream, target);
        if (!isWanted)
        {
            return false;
        }

        if (!frame.Has(FrameFlags.KeyFrame) || frame.Has(FrameFlags.Refused))
        {
            if (Best(now, target) == stream || IsRescue(now, stream, target))
            {
                // Who is sent a smaller picture meanwhile can wait; who is sent one that is too large, or none, cannot.
                bool canWait = _stream is { } sent && sent.Index < stream.Index && sent.IsFlowing(now);
                stream.WantKeyFrame(now, isUrgent: !canWait, isRepeated: true);
            }

            return false;
        }

        if (_isMidPicture && _stream is { } current && current.IsFlowing(now) && !current.IsLate(now))
        {
            Postpone(stream, packet.SequenceNumber);
            return false;
        }

        Join(now, stream, packet, frame, target, ref timestamps);
        return true;
    }

    // What it takes for a keyframe to come is added to the silence, and nobody sees anything meanwhile: so it is asked for, and taken, a little sooner.
    private bool IsRescue(Instant now, ProducerStream stream, LayerId target) =>
        _stream is { } late && stream.Index < late.Index && stream.Index <= target.Spatial && late.IsLate(now) && StreamChoice.IsNext(now, stream, late);

    private bool TryTakeUp(bool isDue, [NotNullWhen(true)] out ProducerStream? waiting, out SequenceNumber first)
    {
        (waiting, int generation, first) = _postponed;
        if (waiting is null || !isDue)
        {
            return false;
        }

        Forget();
        _isMidPicture = false;
        return generation == waiting.Generation;
    }

    // Watched from now on, so that what comes of it is kept.
    private void Postpone(ProducerStream stream, SequenceNumber first)
    {
        Forget();
        stream.Watchers++;
        _postponed = new PostponedJoin(stream, stream.Generation, first);
    }

    private void Forget()
    {
        if (_postponed.Stream is { } stream)
        {
            stream.Watchers--;
            _postponed = default;
        }
    }

    private void Join(Instant now, ProducerStream stream, in RtpPacket packet, in FrameFacts frame, LayerId target, ref TimestampRewriter timestamps)
    {
        Leave();
        (_isMidPicture, _shrinkingSince) = (false, Instant.Never);
        (_stream, OutputEpoch before) = (stream, _epochs.Current);
        stream.Watchers++;
        if (before.Stream == stream && before.Generation == stream.Generation)
        {
            _pictures.Resume(frame.Picture);
            _epochs.Begin(before);
        }
        else
        {
            uint? aligned = before.Stream is { } old && old.Generation == before.Generation && stream.Clock.TryAlign(old.Clock, out uint offset) ? before.TimestampOffset + offset : null;
            timestamps.Rejoin(now, packet.Timestamp, aligned);
            _pictures.Begin(frame.Picture);
            ushort frames = _hasFrame ? (ushort)(_newestFrame + 1 - frame.Frame) : (ushort)0;
            _epochs.Begin(new OutputEpoch(stream, stream.Generation, timestamps.Offset, frames));
        }

        _map.Begin(packet.SequenceNumber);
        _selector.Begin(stream.Layers, WishFor(now, stream, target));
    }

    private OutgoingFrame Send(ProducerStream stream, in RtpPacket packet, in FrameFacts frame, SequenceNumber sequence)
    {
        OutputEpoch epoch = _epochs.Current;
        bool renumbers = _pictures.Map(frame, out ushort pictureId, out byte tl0);
        bool marker = packet.Marker || (frame.Has(FrameFlags.EndOfFrame) && frame.Spatial == _selector.Current.Spatial);
        SentFlags flags = SentFlags.Sent | SentFlags.Marker.When(marker) | SentFlags.Renumbered.When(renumbers) | SentFlags.BaseOnly.When(frame.Has(FrameFlags.BaseOnly));
        uint targets = frame.Targets.Count == 0 ? 0 : _targets.Take(stream.Layers.DecodeTargetsOf(_selector.Current), frame);
        byte told = targets == 0 ? (byte)0 : (byte)(LayerMask.IndexOf(_selector.Current) + 1);
        SentPacket sent = new(packet.SequenceNumber, pictureId, tl0, _epochs.Number, flags, told);
        _map.Note(sequence, sent);
        _isMidPicture = sequence == _map.HighestOutput ? !marker : _isMidPicture;
        NoteFrame((ushort)(frame.Frame + epoch.FrameOffset), frame.Has(FrameFlags.Numbered));
        return new OutgoingFrame(sequence, epoch.TimestampOffset, epoch.FrameOffset, sent, targets);
    }

    private OutgoingFrame Fill(SequenceNumber input, SequenceNumber sequence)
    {
        OutputEpoch epoch = _epochs.Current;
        SentPacket sent = new(input, 0, 0, _epochs.Number, SentFlags.Sent | SentFlags.Empty);
        _map.Note(sequence, sent);
        return new OutgoingFrame(sequence, epoch.TimestampOffset, epoch.FrameOffset, sent);
    }

    private void NoteFrame(ushort frame, bool isNumbered)
    {
        if (isNumbered && (!_hasFrame || (short)(ushort)(frame - _newestFrame) > 0))
        {
            (_newestFrame, _hasFrame) = (frame, true);
        }
    }

    private static MediaDropReason ReasonOf(FrameVerdict verdict) => verdict switch
    {
        FrameVerdict.MissingReference => MediaDropReason.MissingReference,
        FrameVerdict.TooOld => MediaDropReason.FrameForgotten,
        _ => MediaDropReason.LayerNotForwarded,
    };

    private readonly record struct PostponedJoin(ProducerStream? Stream, int Generation, SequenceNumber First);
}
