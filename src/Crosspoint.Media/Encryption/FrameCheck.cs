using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Media.Encryption;

/// <summary>
/// Looks at what an encrypted frame says of itself in the clear, before it is forwarded: whose it is, of what kind, of which epoch. That is no proof, for
/// which one would need keys; but plaintext passes about once in a million frames, so a client that fails to encrypt reaches nobody.
/// </summary>
/// <remarks>One owner: the producer. Nothing is allocated per packet. docs/protocol/e2ee.md has the rules.</remarks>
internal sealed class FrameCheck
{
    private const int NoLeaf = -1;

    // Given to me.
    private readonly Producer _producer;
    private readonly FrameCheckOptions _options;

    // Made by me: one for each stream.
    private readonly FrameVerdicts[] _verdicts;

    // State.
    private int _leaf = NoLeaf;
    private int _previousLeaf = NoLeaf;
    private SFrameKind _kind;

    // The key id that was judged fit last: a sender has one for as long as an epoch lasts, so that most frames need no more than to have it too.
    private ulong? _fitKeyId;
    private Instant _refusedSince;
    private int _refused;
    private bool _isTold;
    private bool _isInterrupted;

    public FrameCheck(Producer producer)
    {
        _producer = producer;
        _options = producer.Transport.Router.Options.FrameCheck;
        _verdicts = [.. producer.Streams.Select(_ => new FrameVerdicts())];
    }

    /// <summary>Whose frames they are. A former leaf goes on being taken until the epochs no longer overlap.</summary>
    public void SetSender(int leaf, SFrameKind kind)
    {
        if (_leaf != leaf)
        {
            (_previousLeaf, _leaf) = (_leaf, leaf);
        }

        _kind = kind;
        _fitKeyId = null;
    }

    /// <summary>Other epochs pass than before. When none of them is an older one, neither does who sent under those.</summary>
    public void HandleEpochs(FrameEpochs epochs)
    {
        _fitKeyId = null;
        if (epochs.Oldest is null)
        {
            _previousLeaf = NoLeaf;
        }
    }

    /// <summary>Whether a packet may go on; why not.</summary>
    public bool TryPass(Instant now, ProducerStream stream, in RtpPacket packet, out MediaDropReason reason)
    {
        FrameVerdicts verdicts = _verdicts[stream.Index];
        FrameStart start = FrameStart.Of(_producer.Plan.Codec, packet.Payload);
        if (start is { IsReadable: true, IsStart: false })
        {
            bool passes = verdicts.Passes(packet.Timestamp, start.Spatial, out bool isJudged);
            reason = isJudged ? MediaDropReason.SframeRefused : MediaDropReason.SframeUnjudged;
            return passes;
        }

        FrameRefusal refusal = Judge(start, packet);
        bool isFit = _producer.IsVideo ? verdicts.Note(packet.Timestamp, start.Spatial, refusal == FrameRefusal.None) : refusal == FrameRefusal.None;
        if (!isFit)
        {
            reason = ReasonOf(refusal);
            NoteRefusal(now, stream, refusal);
            return false;
        }

        reason = default;
        Rejoin(now, start);
        return true;
    }

    private FrameRefusal Judge(in FrameStart start, in RtpPacket packet)
    {
        ProducerPlan plan = _producer.Plan;
        if (plan.Codec is not (PayloadFormat.Opus or PayloadFormat.Vp8 or PayloadFormat.Vp9) || packet.PayloadType != plan.PayloadType)
        {
            return FrameRefusal.Codec;
        }

        ReadOnlySpan<byte> payload = packet.Payload;
        if (!start.IsReadable
            || start.Offset >= payload.Length
            || !SFrameHeader.TryRead(payload[start.Offset..], isMinimal: true, out SFrameHeader header, out _))
        {
            return FrameRefusal.Malformed;
        }

        if (header.KeyId == _fitKeyId)
        {
            return FrameRefusal.None;
        }

        FrameRefusal refusal = Judge(new SFrameKeyId(header.KeyId));
        _fitKeyId = refusal == FrameRefusal.None ? header.KeyId : _fitKeyId;
        return refusal;
    }

    private FrameRefusal Judge(SFrameKeyId id)
    {
        if (_leaf == NoLeaf || (id.Leaf != _leaf && id.Leaf != _previousLeaf))
        {
            return FrameRefusal.Leaf;
        }

        if (id.Kind != _kind)
        {
            return FrameRefusal.Kind;
        }

        return _producer.Transport.Router.FrameEpochs is { } epochs && epochs.Admits(id.Epoch) ? FrameRefusal.None : FrameRefusal.Epoch;
    }

    // What follows a refused frame refers to it: video goes on with a keyframe, sound without a gap.
    private void NoteRefusal(Instant now, ProducerStream stream, FrameRefusal refusal)
    {
        RouterTransport transport = _producer.Transport;
        if (refusal != FrameRefusal.None)
        {
            transport.CountRefusal(_producer.Plan.Codec, refusal);
        }

        if (_producer.IsVideo)
        {
            _isInterrupted = true;
            _producer.Interrupt(stream);
        }

        // An epoch is a matter of time: a slow member is not one that fails to encrypt, and is dealt with as a member.
        // So is a leaf that the control plane has not told yet: a new producer may send before.
        if (refusal is FrameRefusal.Epoch or FrameRefusal.None || _leaf == NoLeaf || _isTold)
        {
            return;
        }

        if (_refused == 0 || now - _refusedSince > _options.Window)
        {
            (_refusedSince, _refused) = (now, 0);
        }

        if (++_refused >= _options.MaxRefusedFrames)
        {
            _isTold = true;
            transport.Router.Raise(new RouterEvent { Kind = RouterEventKind.FramesRefused, Producer = _producer, Refusal = refusal });
        }
    }

    private void Rejoin(Instant now, in FrameStart start)
    {
        if (!_isInterrupted)
        {
            return;
        }

        _isInterrupted = false;
        if (!start.IsKeyFrame)
        {
            _producer.WantKeyFrame(now);
        }
    }

    private static MediaDropReason ReasonOf(FrameRefusal refusal) => refusal switch
    {
        FrameRefusal.Malformed => MediaDropReason.SframeMalformed,
        FrameRefusal.Leaf => MediaDropReason.SframeLeaf,
        FrameRefusal.Kind => MediaDropReason.SframeKind,
        FrameRefusal.Epoch => MediaDropReason.SframeEpoch,
        FrameRefusal.Codec => MediaDropReason.SframeCodec,
        _ => MediaDropReason.SframeRefused,
    };
}
