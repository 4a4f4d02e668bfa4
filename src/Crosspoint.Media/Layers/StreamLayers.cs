using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>What is known of the layers in one video stream, and of each packet of it: by its dependency descriptor where it has one, by its codec otherwise.</summary>
/// <remarks>One owner: the producer's stream.</remarks>
internal sealed class StreamLayers(PayloadFormat codec, EncodingPlan plan, TimeSpan silence)
{
    // An encoder that is short of bits skips a few pictures in a row.
    private const int PatiencePictures = 6;

    private const double HesitationShare = 0.6;

    private static readonly TimeSpan LeastSilence = TimeSpan.FromMilliseconds(150);

    /// <summary>Pictures a second: with fewer the wait for the next alone is most of what counts as standing still.</summary>
    public const double LeastMotion = 5;

    // Made by me, when the stream turns out to need it.
    private Vp9Frames? _vp9;
    private DescriptorFrames? _descriptors;

    // State.
    private PictureNumbers _numbers;
    private Vp8Frames _vp8;
    private Av1Frames _av1;
    private LayerMeter _meter;
    private RtpTimestamp _newestTimestamp;
    private Instant _pictureAt;
    private TimeSpan _interval = TimeSpan.FromMilliseconds(100);
    private bool _started;

    /// <summary>Spatial layers in the stream, 1 to 4.</summary>
    public int SpatialCount { get; private set; } = 1;

    /// <summary>Temporal layers in the stream, 1 to 8; where they are not announced, as many as have been seen.</summary>
    public int TemporalCount { get; private set; } = plan.TemporalLayers;

    /// <summary>True when there is something to choose from.</summary>
    public bool IsLayered { get; private set; } = plan.IsLayered;

    /// <summary>The highest spatial layer that is being sent.</summary>
    public int HighestAlive => Math.Min(_meter.HighestAlive, SpatialCount - 1);

    /// <summary>After how long without a packet the stream, or a spatial layer of it, counts as silent: six pictures, while others are heard.</summary>
    public TimeSpan Silence
    {
        get
        {
            TimeSpan pictures = _interval * PatiencePictures;
            return pictures > silence ? silence : pictures < LeastSilence ? LeastSilence : pictures;
        }
    }

    /// <summary>Pictures a second, of all temporal layers, as they came lately.</summary>
    public double FrameRate => 1 / _interval.TotalSeconds;

    /// <summary>The lowest temporal layer that still moves: as little as is worth sending of what is too large until something smaller begins.</summary>
    public byte SlowestMoving
    {
        get
        {
            int temporal = TemporalCount - 1;
            for (double rate = FrameRate / 2; temporal > 0 && rate >= LeastMotion; rate /= 2)
            {
                temporal--;
            }

            return (byte)temporal;
        }
    }

    /// <summary>Half of <see cref="Silence"/> and a little: so long that it is worth to have the next best ready.</summary>
    public TimeSpan Hesitation => Silence * HesitationShare;

    /// <summary>What is received of each layer.</summary>
    public ref LayerMeter Meter => ref _meter;

    /// <summary>Finds the facts of a packet; false when it cannot be read or contradicts itself, which <see cref="FrameFlags.Refused"/> says too.</summary>
    public bool Read(Instant now, in RtpPacket packet, in ExtensionSlots slots, ref FrameFacts facts)
    {
        facts.Clear();
        bool isSound = ReadPayload(packet, ref facts);
        FrameFlags key = facts.Flags & FrameFlags.KeyFrame;
        if (!isSound || !ReadDescriptor(packet, slots, ref facts))
        {
            // Who is sent everything can begin here all the same.
            facts.Flags = FrameFlags.Refused | (isSound ? key : FrameFlags.None);
            return false;
        }

        if (!_started || packet.Timestamp.IsNewerThan(_newestTimestamp))
        {
            (_started, _newestTimestamp) = (true, packet.Timestamp);
            facts.Flags |= FrameFlags.BeginsPicture;
            NotePicture(now);
        }

        Count(facts);
        _meter.Add(now, facts, packet.Payload.Length);
        return true;
    }

    /// <summary>Finds the facts of a packet that was read before, but for what it was when it came: nothing is counted.</summary>
    public bool ReadAgain(in RtpPacket packet, in ExtensionSlots slots, ref FrameFacts facts)
    {
        facts.Clear();
        return ReadPayload(packet, ref facts) && ReadDescriptor(packet, slots, ref facts);
    }

    /// <summary>The layer to be sent to who wishes for one, of those that there are.</summary>
    public LayerId Resolve(LayerId wish)
    {
        // VP9 announces how many there are; elsewhere there may be more than have been seen.
        return _descriptors is { IsKnown: true } descriptors ? descriptors.Resolve(wish)
            : _vp9 is null ? wish
            : wish with { Spatial = (byte)Math.Min((int)wish.Spatial, SpatialCount - 1) };
    }

    /// <summary>Whether who gets one layer can be given the other at any frame: it is part of what he has.</summary>
    public bool Contains(LayerId outer, LayerId inner)
    {
        if (_descriptors is { IsKnown: true } descriptors)
        {
            return descriptors.Contains(outer, inner);
        }

        return inner.Spatial <= outer.Spatial && inner.Temporal <= outer.Temporal && (_vp9 is null || _vp9.Contains(outer.Spatial, inner.Spatial));
    }

    /// <summary>The decode targets that who is sent a layer can decode, one bit each; 0 where nothing tells of them.</summary>
    public uint DecodeTargetsOf(LayerId layer) => _descriptors is { IsKnown: true } descriptors ? descriptors.DecodeTargetsOf(layer) : 0;

    /// <summary>What a stored element told of decode targets when it was sent to who gets a layer.</summary>
    /// <param name="element">The dependency descriptor as it came.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="scratch">For the structure in it.</param>
    public ActiveDecodeTargets TargetsAgain(ReadOnlySpan<byte> element, LayerId layer, DependencyDescriptorReader scratch) =>
        _descriptors is { IsKnown: true } descriptors ? descriptors.TargetsAgain(element, layer, scratch) : default;

    /// <summary>The stream began anew.</summary>
    public void Restart()
    {
        _numbers.Restart();
        _vp8.Restart();
        _vp9?.Restart();
        _descriptors?.Restart();
        _av1 = default;
        _started = false;
    }

    private bool ReadPayload(in RtpPacket packet, ref FrameFacts facts)
    {
        switch (codec)
        {
            case PayloadFormat.Vp8:
                return ReadVp8(packet, ref facts);
            case PayloadFormat.Vp9:
                _vp9 ??= new Vp9Frames();
                return _vp9.TryRead(packet, ref _numbers, ref facts);
            case PayloadFormat.Av1:
                return _av1.TryRead(packet, ref _numbers, ref facts);
            default:
                return ReadOther(packet, ref facts) && Number(packet, ref facts);
        }
    }

    private bool ReadVp8(in RtpPacket packet, ref FrameFacts facts)
    {
        if (!Vp8Frames.TryRead(packet, ref facts) || !Number(packet, ref facts))
        {
            return false;
        }

        _vp8.Judge(ref facts);
        return true;
    }

    // H.264 tells nothing of layers: frames are all needed.
    private bool ReadOther(in RtpPacket packet, ref FrameFacts facts)
    {
        if (!PayloadReader.TryRead(codec, packet.Payload, packet.Marker, out PayloadFacts payload))
        {
            return false;
        }

        facts.Flags |= FrameFlags.KeyFrame.When(payload.IsKeyFrame) | FrameFlags.EndOfFrame.When(payload.IsEndOfFrame);
        facts.Switch = payload.IsKeyFrame ? LayerMask.All : 0;
        return true;
    }

    private bool Number(in RtpPacket packet, ref FrameFacts facts)
    {
        facts.Flags |= FrameFlags.Numbered.When(_numbers.TryNumber(packet.Timestamp, facts.Picture, out facts.Frame));
        return true;
    }

    // A stream without the extension is read by its codec; one that has it, only by it, or frames would be numbered in two ways.
    private bool ReadDescriptor(in RtpPacket packet, in ExtensionSlots slots, ref FrameFacts facts)
    {
        if (!slots.TryGet(packet, HeaderExtensionKind.DependencyDescriptor, out ReadOnlySpan<byte> element))
        {
            return _descriptors is not { IsKnown: true };
        }

        _descriptors ??= new DescriptorFrames();
        bool isKeyPayload = facts.Has(FrameFlags.KeyFrame) || codec == PayloadFormat.Av1;
        if (!_descriptors.TryRead(element, ref facts))
        {
            return false;
        }

        facts.Flags &= isKeyPayload ? (FrameFlags)ushort.MaxValue : ~FrameFlags.KeyFrame;
        return true;
    }

    private void NotePicture(Instant now)
    {
        TimeSpan since = now - _pictureAt;
        _pictureAt = now;
        if (since <= silence)
        {
            _interval += (since - _interval) / 8;
        }

        _meter.NoteAlive(now, Silence);
    }

    private void Count(in FrameFacts facts)
    {
        if (_descriptors is { IsKnown: true } descriptors)
        {
            (SpatialCount, TemporalCount) = (descriptors.SpatialCount, descriptors.TemporalCount);
        }
        else
        {
            SpatialCount = _vp9?.SpatialCount ?? Math.Max(SpatialCount, facts.Spatial + 1);
            TemporalCount = Math.Max(TemporalCount, facts.Temporal + 1);
        }

        IsLayered |= SpatialCount > 1 || TemporalCount > 1 || facts.Has(FrameFlags.Layered);
    }
}
