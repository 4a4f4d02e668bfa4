using System.Runtime.CompilerServices;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>
/// VP9 by its payload descriptor (RFC 9628): what a frame refers to is told in each packet (flexible mode) or follows from the picture
/// group; whether higher spatial layers need it, from Z and from whether they use inter-layer prediction at all (L modes do in every
/// picture, KEY modes in keyframes only, S modes never).
/// </summary>
/// <remarks>One owner: the producer's stream.</remarks>
internal sealed class Vp9Frames
{
    /// <summary>Frame numbers per picture: one for each spatial layer.</summary>
    public const int FramesPerPicture = LayerMask.SpatialLayers;

    private const int Remembered = 128;

    private readonly Vp9PictureGroup _group = new();

    private TemporalRing _temporal;
    private ushort _groupStart;
    private uint _seen;
    private uint _interLayer;

    /// <summary>Spatial layers of the structure in force; at least as many as were seen.</summary>
    public int SpatialCount { get; private set; } = 1;

    /// <summary>Reads a payload; false when it breaks the format, or is of a spatial layer beyond the fourth.</summary>
    public bool TryRead(in RtpPacket packet, ref PictureNumbers numbers, ref FrameFacts facts)
    {
        if (!Vp9Descriptor.TryRead(packet.Payload, out Vp9Descriptor descriptor) || descriptor.SpatialLayer >= LayerMask.SpatialLayers)
        {
            return false;
        }

        (facts.Spatial, facts.Temporal) = (descriptor.SpatialLayer, descriptor.TemporalLayer);
        facts.Flags |= FrameFlags.KeyFrame.When(descriptor.IsKeyFrame) | FrameFlags.EndOfFrame.When(descriptor.IsEndOfFrame) | FrameFlags.Layered.When(descriptor.HasLayers);
        facts.Picture = PictureFields.Of(descriptor);
        bool isNumbered = numbers.TryNumber(packet.Timestamp, facts.Picture, out ushort picture);
        if (isNumbered)
        {
            facts.Frame = (ushort)((picture * FramesPerPicture) + descriptor.SpatialLayer);
            facts.Flags |= FrameFlags.Numbered;
        }

        TakeStructure(packet.Payload, descriptor, picture);
        NotePrediction(descriptor);
        bool isUpSwitch = AddReferences(descriptor, picture, isNumbered, ref facts);
        facts.Present = Present(descriptor);
        facts.Switch = descriptor.IsKeyFrame ? LayerMask.All : isUpSwitch ? LayerMask.Column(descriptor.TemporalLayer) : 0;
        if (isNumbered)
        {
            _temporal[picture % Remembered] = descriptor.TemporalLayer;
        }

        return true;
    }

    /// <summary>Whether everything a spatial layer shows is also sent to who gets a higher one.</summary>
    public bool Contains(int outer, int inner) => Needs(outer, inner);

    /// <summary>The stream began anew.</summary>
    public void Restart()
    {
        _group.Clear();
        (_seen, _interLayer) = (0, 0);
    }

    private void TakeStructure(ReadOnlySpan<byte> payload, in Vp9Descriptor descriptor, ushort picture)
    {
        if (descriptor.HasScalabilityStructure)
        {
            SpatialCount = Math.Min((int)descriptor.SpatialLayerCount, LayerMask.SpatialLayers);
            _group.Take(payload, descriptor);
            _groupStart = picture;
        }

        SpatialCount = Math.Max(SpatialCount, descriptor.SpatialLayer + 1);
    }

    // In keyframes every mode but S predicts from below, which tells nothing of what follows.
    private void NotePrediction(in Vp9Descriptor descriptor)
    {
        if (descriptor.IsKeyFrame)
        {
            (_seen, _interLayer) = (0, 0);
        }
        else if (descriptor is { SpatialLayer: > 0, IsInterPicture: true })
        {
            uint bit = 1u << descriptor.SpatialLayer;
            _seen |= bit;
            _interLayer = descriptor.IsInterLayer ? _interLayer | bit : _interLayer & ~bit;
        }
    }

    private bool AddReferences(in Vp9Descriptor descriptor, ushort picture, bool isNumbered, ref FrameFacts facts)
    {
        if (descriptor is { IsInterLayer: true, SpatialLayer: > 0 })
        {
            facts.AddReference(1);
        }

        bool isUpSwitch = descriptor is { IsSwitchingUp: true, TemporalLayer: > 0 };
        if (!descriptor.IsInterPicture)
        {
            return isUpSwitch;
        }

        bool isSync = descriptor.TemporalLayer > 0;
        bool isKnown = isNumbered && descriptor.IsFlexible;
        for (int i = 0; i < descriptor.ReferenceCount; i++)
        {
            isSync &= AddReference(descriptor.GetReference(i), picture, descriptor.TemporalLayer, ref facts);
        }

        if (!descriptor.IsFlexible && isNumbered && TryFindInGroup(descriptor, picture, out ReadOnlySpan<byte> references))
        {
            isKnown = true;
            foreach (byte reference in references)
            {
                isSync &= AddReference(reference, picture, descriptor.TemporalLayer, ref facts);
            }
        }

        facts.Flags |= FrameFlags.Stepwise.When(!isKnown);
        return isUpSwitch || (isKnown && isSync);
    }

    // True when what it refers to is of a lower temporal layer.
    private bool AddReference(int pictures, ushort picture, byte temporal, ref FrameFacts facts)
    {
        facts.AddReference(pictures * FramesPerPicture);
        return pictures < Remembered && _temporal[(ushort)(picture - pictures) % Remembered] < temporal;
    }

    private bool TryFindInGroup(in Vp9Descriptor descriptor, ushort picture, out ReadOnlySpan<byte> references)
    {
        references = default;
        if (_group.Count == 0)
        {
            return false;
        }

        int index = (ushort)(picture - _groupStart) % _group.Count;
        references = _group.GetReferences(index);
        return _group.GetTemporalLayer(index) == descriptor.TemporalLayer;
    }

    private uint Present(in Vp9Descriptor descriptor)
    {
        uint present = LayerMask.Row(descriptor.SpatialLayer, descriptor.TemporalLayer);
        for (int upper = descriptor.SpatialLayer + 1; upper < LayerMask.SpatialLayers; upper++)
        {
            bool needed = !descriptor.IsNotReferenceForUpper || (_seen >> upper != 0 && Needs(upper, descriptor.SpatialLayer));
            present |= needed ? LayerMask.Row(upper, descriptor.TemporalLayer) : 0;
        }

        return descriptor.IsKeyFrame ? LayerMask.All : present;
    }

    private bool Needs(int upper, int lower)
    {
        for (int layer = lower + 1; layer <= upper; layer++)
        {
            if ((_seen & ~_interLayer & (1u << layer)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    [InlineArray(Remembered)]
    private struct TemporalRing
    {
        private byte _first;
    }
}
