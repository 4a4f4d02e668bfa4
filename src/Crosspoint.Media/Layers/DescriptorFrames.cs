using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Layers;

/// <summary>
/// Any codec by its dependency descriptor: decode targets become layers, their indications say who needs a frame and who can begin at it,
/// and what it refers to is told.
/// </summary>
/// <remarks>One owner: the producer's stream. Nothing is allocated after construction.</remarks>
internal sealed class DescriptorFrames
{
    private readonly DependencyDescriptorReader _reader = new();
    private readonly uint[] _layerOf = new uint[32];
    private readonly sbyte[] _targetOf = new sbyte[LayerMask.SpatialLayers * LayerMask.TemporalLayers];

    private readonly uint[] _within = new uint[32];

    private uint _layers;
    private uint _knownWithin;

    /// <summary>True once a structure is known.</summary>
    public bool IsKnown => _layers != 0;

    /// <summary>Spatial layers of the structure.</summary>
    public int SpatialCount { get; private set; } = 1;

    /// <summary>Temporal layers of the structure.</summary>
    public int TemporalCount { get; private set; } = 1;

    /// <summary>Reads an element; false when it breaks the format or refers to a structure that did not come.</summary>
    public bool TryRead(ReadOnlySpan<byte> element, ref FrameFacts facts)
    {
        if (_reader.Read(element, out DependencyDescriptor descriptor) != DependencyDescriptorStatus.Ok)
        {
            return false;
        }

        if (descriptor.HasStructure)
        {
            TakeStructure();
        }

        bool isKey = descriptor is { IsKeyFrame: true, IsStartOfFrame: true };
        facts.Flags = FrameFlags.Numbered | FrameFlags.TellsSpatial | FrameFlags.KeyFrame.When(isKey) | FrameFlags.EndOfFrame.When(descriptor.IsEndOfFrame)
            | FrameFlags.BeginsFrame.When(descriptor.IsStartOfFrame) | FrameFlags.Structure.When(descriptor.HasStructure);
        facts.Targets = descriptor.Active;
        (facts.Spatial, facts.Temporal, facts.Frame) = (descriptor.SpatialLayer, descriptor.TemporalLayer, descriptor.FrameNumber);
        TakeIndications(descriptor, ref facts);
        foreach (ushort reference in descriptor.References)
        {
            facts.AddReference(reference);
        }

        return true;
    }

    /// <summary>The highest layer of the structure that is not above the wished one in either way; its lowest when there is none.</summary>
    public LayerId Resolve(LayerId wish)
    {
        for (int spatial = Math.Min((int)wish.Spatial, LayerMask.SpatialLayers - 1); spatial >= 0; spatial--)
        {
            for (int temporal = Math.Min((int)wish.Temporal, LayerMask.TemporalLayers - 1); temporal >= 0; temporal--)
            {
                if ((_layers & LayerMask.Of(new((byte)spatial, (byte)temporal))) != 0)
                {
                    return new((byte)spatial, (byte)temporal);
                }
            }
        }

        int lowest = System.Numerics.BitOperations.TrailingZeroCount(_layers);
        return new((byte)(lowest / LayerMask.TemporalLayers), (byte)(lowest % LayerMask.TemporalLayers));
    }

    /// <summary>Whether all frames of one layer are frames of another too.</summary>
    public bool Contains(LayerId outer, LayerId inner)
    {
        (int from, int to) = (TargetOf(outer), TargetOf(inner));
        return from >= 0 && to >= 0 && _reader.Contains(from, to);
    }

    /// <summary>The decode targets that are part of a layer's own, one bit each; 0 for a layer that is none.</summary>
    public uint DecodeTargetsOf(LayerId layer)
    {
        int target = TargetOf(layer);
        if (target < 0)
        {
            return 0;
        }

        // Found when first asked for, once for a structure.
        if ((_knownWithin & (1u << target)) == 0)
        {
            _knownWithin |= 1u << target;
            _within[target] = 0;
            for (int inner = 0; inner < _reader.DecodeTargetCount; inner++)
            {
                _within[target] |= _reader.Contains(target, inner) ? 1u << inner : 0;
            }
        }

        return _within[target];
    }

    /// <summary>What an element told of decode targets when it was sent to who gets a layer; by the structure in it, else by that in force.</summary>
    public ActiveDecodeTargets TargetsAgain(ReadOnlySpan<byte> element, LayerId layer, DependencyDescriptorReader scratch)
    {
        bool brings = scratch.Read(element, out DependencyDescriptor descriptor) == DependencyDescriptorStatus.Ok && descriptor.HasStructure;
        ActiveDecodeTargets targets = brings ? descriptor.Active : _reader.Locate(element);
        uint mask = DecodeTargetsOf(layer) & targets.Mask;
        return targets.Count == _reader.DecodeTargetCount ? targets with { Mask = mask } : default;
    }

    /// <summary>The stream began anew.</summary>
    public void Restart()
    {
        _reader.Reset();
        _layers = 0;
    }

    private int TargetOf(LayerId layer)
    {
        uint bit = LayerMask.Of(layer);
        return (_layers & bit) == 0 ? -1 : _targetOf[System.Numerics.BitOperations.TrailingZeroCount(bit)];
    }

    private void TakeStructure()
    {
        (_layers, _knownWithin, SpatialCount, TemporalCount) = (0, 0, 1, 1);
        for (int target = 0; target < _reader.DecodeTargetCount; target++)
        {
            (byte spatial, byte temporal) = _reader.GetLayer(target);
            uint bit = LayerMask.Of(new(spatial, temporal));
            _layerOf[target] = bit;
            _targetOf[System.Numerics.BitOperations.TrailingZeroCount(bit)] = (sbyte)target;
            _layers |= bit;
            (SpatialCount, TemporalCount) = (Math.Max(SpatialCount, spatial + 1), Math.Max(TemporalCount, temporal + 1));
        }
    }

    private void TakeIndications(in DependencyDescriptor descriptor, ref FrameFacts facts)
    {
        (uint present, uint switches) = (0, 0);
        ReadOnlySpan<DecodeTargetIndication> indications = descriptor.Indications;
        for (int target = 0; target < indications.Length; target++)
        {
            present |= indications[target] == DecodeTargetIndication.NotPresent ? 0 : _layerOf[target];
            switches |= indications[target] == DecodeTargetIndication.Switch ? _layerOf[target] : 0;
        }

        // Who is to be sent another layer reads by the new structure too: what carries it goes to all.
        facts.Present = descriptor.HasStructure ? LayerMask.All : present;
        facts.Switch = descriptor.IsKeyFrame ? LayerMask.All : switches;
    }
}
