using System.Runtime.CompilerServices;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>
/// AV1 by the layer ids in its OBU headers, for streams without a dependency descriptor. That tells which layer a frame is of, not what it
/// refers to: one can go down anywhere, and up at a keyframe only.
/// </summary>
/// <remarks>
/// A packet that continues an OBU carries no ids: it is of the layer of the packet before it. One owner: the producer's stream.
/// </remarks>
internal struct Av1Frames
{
    private const int Remembered = 64;

    private Ring _layers;
    private bool _hasLayers;

    /// <summary>Reads a payload; false when it breaks the format.</summary>
    public bool TryRead(in RtpPacket packet, ref PictureNumbers numbers, ref FrameFacts facts)
    {
        if (!Av1Packet.TryRead(packet.Payload, out Av1Packet obus))
        {
            return false;
        }

        _hasLayers |= obus.HasLayers;
        SequenceNumber sequence = packet.SequenceNumber;
        Entry layer = obus is { IsContinuation: true, FirstObuType: 0 } ? Find(sequence - 1) : new Entry(sequence, obus.SpatialLayer, obus.TemporalLayer, true);
        if (!layer.IsKnown)
        {
            // Whoever gets everything gets this too.
            facts.Present = LayerMask.Of(LayerId.Highest);
            return true;
        }

        _layers[sequence.Value % Remembered] = layer with { Sequence = sequence };
        (facts.Spatial, facts.Temporal) = (layer.Spatial, layer.Temporal);
        facts.Present = LayerMask.From(layer.Spatial, layer.Temporal);
        facts.Flags |= FrameFlags.Stepwise | FrameFlags.EndOfFrame.When(packet.Marker || (_hasLayers && !obus.IsContinued)) | FrameFlags.Layered.When(obus.HasLayers);
        if (obus.IsNewSequence)
        {
            facts.Flags |= FrameFlags.KeyFrame;
            (facts.Present, facts.Switch) = (LayerMask.All, LayerMask.All);
        }

        if (numbers.TryNumber(packet.Timestamp, default, out ushort picture))
        {
            facts.Frame = (ushort)((picture * LayerMask.SpatialLayers) + layer.Spatial);
            facts.Flags |= FrameFlags.Numbered;
        }

        return true;
    }

    private readonly Entry Find(SequenceNumber sequence)
    {
        Entry entry = _layers[sequence.Value % Remembered];
        return entry.Sequence == sequence ? entry : default;
    }

    private readonly record struct Entry(SequenceNumber Sequence, byte Spatial, byte Temporal, bool IsKnown);

    [InlineArray(Remembered)]
    private struct Ring
    {
        private Entry _first;
    }
}
