using System.Runtime.CompilerServices;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>
/// VP8 (RFC 7741): temporal layers by TID. A layer can be joined at a frame with Y set, which needs the lowest layer only; what later frames
/// of it need is not told, so it is joined layer by layer.
/// </summary>
/// <remarks>
/// <para>
/// After a keyframe every layer has to begin, and libwebrtc's receiver takes a frame without Y only when it has one of each layer up to its own. An
/// encoder that leaves pictures out after a keyframe (libvpx does, for as long as that has cost too many bits) sends others: its receiver waits for
/// what never comes, and for all frames without Y until the next of the lowest layer, a second and more. So a frame that can only need the lowest
/// layer is told to (RFC 7741 §4.2: Y), and one that no receiver would take is left out.
/// </para>
/// <code>
/// TID      0k 2Y 1Y 2  0     0k .  .  2  0      0k .  1Y 2  0      .  left out by the encoder
///          ✓  ✓  ✓  ✓  ✓     ✓        +Y ✓      ✓     ✓  –  ✓      +Y sent with Y, – not sent
/// </code>
/// <para>One owner: the producer's stream.</para>
/// </remarks>
internal struct Vp8Frames
{
    // Frames that may still come in parts.
    private const int Remembered = 64;

    private Ring _recent;
    private bool _hasKey;
    private ushort _key;
    private int _since;  // frames known since the keyframe
    private uint _begun; // layers that have begun since, one bit each

    /// <summary>Reads a payload; false when it breaks the format.</summary>
    public static bool TryRead(in RtpPacket packet, ref FrameFacts facts)
    {
        if (!Vp8Descriptor.TryRead(packet.Payload, out Vp8Descriptor descriptor))
        {
            return false;
        }

        bool isKey = descriptor.IsKeyFrame(packet.Payload);
        facts.Flags |= FrameFlags.Stepwise | FrameFlags.KeyFrame.When(isKey) | FrameFlags.EndOfFrame.When(packet.Marker) | FrameFlags.Layered.When(descriptor.HasTemporalLayer);
        facts.Temporal = descriptor.TemporalLayer;
        facts.Present = LayerMask.From(0, descriptor.TemporalLayer);
        facts.Switch = isKey ? LayerMask.All : descriptor is { IsLayerSync: true, TemporalLayer: > 0 } ? LayerMask.Column(descriptor.TemporalLayer) : 0;
        facts.Picture = PictureFields.Of(descriptor);
        return true;
    }

    /// <summary>Says of a frame that was numbered by its picture id what its descriptor does not: that it needs the lowest layer only, or is of no use.</summary>
    public void Judge(ref FrameFacts facts)
    {
        if (!facts.Has(FrameFlags.Numbered) || facts.Picture is not { PictureIdAt: > 0, Tl0At: > 0, LayerAt: > 0 })
        {
            return;
        }

        ref Entry entry = ref _recent[facts.Frame % Remembered];
        if (!entry.IsKnown || entry.Frame != facts.Frame)
        {
            entry = new Entry(true, facts.Frame, Find(facts));
        }

        // Read again from the store, it begins nothing.
        if (facts.Has(FrameFlags.KeyFrame) && (!_hasKey || (short)(ushort)(facts.Frame - _key) > 0))
        {
            (_hasKey, _key, _since, _begun) = (true, facts.Frame, 0, 0);
        }

        facts.Flags |= entry.Flags;
        facts.Switch |= entry.Flags == FrameFlags.BaseOnly ? LayerMask.Column(facts.Temporal) : 0;
    }

    /// <summary>The stream began anew.</summary>
    public void Restart() => this = default;

    // Only where no frame since the keyframe is missing: what is missing may be what it needs, and may come yet.
    private FrameFlags Find(in FrameFacts facts)
    {
        _since++;
        bool isWhole = _hasKey && _since == (short)(ushort)(facts.Frame - _key);
        uint needed = (2u << facts.Temporal) - 2;
        bool isTaken = facts.Switch != 0 || (_begun & needed) == needed;
        bool isBaseOnly = !isTaken && isWhole && (_begun & needed) == 0;
        _begun |= isTaken || isBaseOnly ? 1u << facts.Temporal : 0;
        return isBaseOnly ? FrameFlags.BaseOnly : FrameFlags.Refused.When(!isTaken && isWhole);
    }

    private readonly record struct Entry(bool IsKnown, ushort Frame, FrameFlags Flags);

    [InlineArray(Remembered)]
    private struct Ring
    {
        private Entry _first;
    }
}
