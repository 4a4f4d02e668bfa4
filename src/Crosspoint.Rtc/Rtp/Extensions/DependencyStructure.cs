namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>What a frame is to one decode target (RTP Payload Format For AV1, A.4.1).</summary>
public enum DecodeTargetIndication : byte
{
    /// <summary>Not part of it.</summary>
    NotPresent = 0,

    /// <summary>Part of it, and no other frame of it refers to this one.</summary>
    Discardable = 1,

    /// <summary>Part of it, and everything after can be decoded by who begins here.</summary>
    Switch = 2,

    /// <summary>Part of it, and needed.</summary>
    Required = 3,
}

/// <summary>The template dependency structure of a coded video sequence (A.8.3), in arrays of fixed size that are filled anew at each keyframe.</summary>
/// <remarks>Owned by one <see cref="DependencyDescriptorReader"/>.</remarks>
internal sealed class DependencyStructure
{
    public const int MaxTemplates = 64;
    public const int MaxDecodeTargets = 32;
    public const int MaxChains = 32;

    // The syntax has no bound; encoders use up to a handful of references, and codecs have eight.
    public const int MaxReferences = 16;
    public const int MaxSpatialLayers = 4;

    private readonly byte[] _spatial = new byte[MaxTemplates];
    private readonly byte[] _temporal = new byte[MaxTemplates];
    private readonly byte[] _indications = new byte[MaxTemplates * MaxDecodeTargets];
    private readonly byte[] _references = new byte[MaxTemplates * MaxReferences];
    private readonly byte[] _referenceCounts = new byte[MaxTemplates];
    private readonly byte[] _chains = new byte[MaxTemplates * MaxChains];
    private readonly byte[] _protectedBy = new byte[MaxDecodeTargets];
    private readonly (ushort Width, ushort Height)[] _resolutions = new (ushort, ushort)[MaxSpatialLayers];

    public int TemplateIdOffset { get; private set; }

    public int TemplateCount { get; private set; }

    public int DecodeTargetCount { get; private set; }

    public int ChainCount { get; private set; }

    public bool HasResolutions { get; private set; }

    public int MaxSpatialLayer { get; private set; }

    public byte SpatialLayer(int template) => _spatial[template];

    public byte TemporalLayer(int template) => _temporal[template];

    public ReadOnlySpan<byte> Indications(int template) => _indications.AsSpan(template * MaxDecodeTargets, DecodeTargetCount);

    public ReadOnlySpan<byte> References(int template) => _references.AsSpan(template * MaxReferences, _referenceCounts[template]);

    public ReadOnlySpan<byte> Chains(int template) => _chains.AsSpan(template * MaxChains, ChainCount);

    /// <summary>For each decode target the chain that protects it; empty without chains.</summary>
    public ReadOnlySpan<byte> ProtectedBy => _protectedBy.AsSpan(0, ChainCount == 0 ? 0 : DecodeTargetCount);

    public (ushort Width, ushort Height) Resolution(int spatialLayer) =>
        HasResolutions && spatialLayer <= MaxSpatialLayer ? _resolutions[spatialLayer] : default;

    public (byte Spatial, byte Temporal) GetLayer(int target)
    {
        (byte spatial, byte temporal) = ((byte)0, (byte)0);
        for (int template = 0; template < TemplateCount; template++)
        {
            if (IsPresent(template, target))
            {
                spatial = Math.Max(spatial, _spatial[template]);
                temporal = Math.Max(temporal, _temporal[template]);
            }
        }

        return (spatial, temporal);
    }

    public bool Contains(int outer, int inner)
    {
        for (int template = 0; template < TemplateCount; template++)
        {
            if (IsPresent(template, inner) && !IsPresent(template, outer))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsPresent(int template, int target) => _indications[(template * MaxDecodeTargets) + target] != 0;

    /// <summary>Reads a structure; false when it breaks a bound or ends early, and then the contents are not to be used.</summary>
    public bool TryRead(ref BitReader bits)
    {
        TemplateIdOffset = bits.Read(6);
        DecodeTargetCount = bits.Read(5) + 1;
        return TryReadLayers(ref bits)
            && TryReadIndications(ref bits)
            && TryReadReferences(ref bits)
            && TryReadChains(ref bits)
            && TryReadResolutions(ref bits);
    }

    private bool TryReadLayers(ref BitReader bits)
    {
        int spatial = 0;
        int temporal = 0;
        TemplateCount = 0;
        while (TemplateCount < MaxTemplates && !bits.IsPastEnd)
        {
            _spatial[TemplateCount] = (byte)spatial;
            _temporal[TemplateCount] = (byte)temporal;
            TemplateCount++;
            switch (bits.Read(2))
            {
                case 1:
                    temporal++;
                    break;
                case 2:
                    temporal = 0;
                    spatial++;
                    break;
                case 3:
                    MaxSpatialLayer = spatial;
                    return !bits.IsPastEnd;
            }

            if (spatial >= MaxSpatialLayers || temporal > 7)
            {
                return false;
            }
        }

        return false;
    }

    private bool TryReadIndications(ref BitReader bits)
    {
        for (int template = 0; template < TemplateCount && !bits.IsPastEnd; template++)
        {
            for (int target = 0; target < DecodeTargetCount; target++)
            {
                _indications[(template * MaxDecodeTargets) + target] = (byte)bits.Read(2);
            }
        }

        return !bits.IsPastEnd;
    }

    private bool TryReadReferences(ref BitReader bits)
    {
        for (int template = 0; template < TemplateCount; template++)
        {
            int count = 0;
            while (bits.ReadFlag())
            {
                if (count == MaxReferences)
                {
                    return false;
                }

                _references[(template * MaxReferences) + count] = (byte)(bits.Read(4) + 1);
                count++;
            }

            _referenceCounts[template] = (byte)count;
        }

        return !bits.IsPastEnd;
    }

    private bool TryReadChains(ref BitReader bits)
    {
        ChainCount = bits.ReadNonSymmetric(DecodeTargetCount + 1);
        if (ChainCount == 0)
        {
            return !bits.IsPastEnd;
        }

        for (int target = 0; target < DecodeTargetCount; target++)
        {
            _protectedBy[target] = (byte)bits.ReadNonSymmetric(ChainCount);
        }

        for (int template = 0; template < TemplateCount && !bits.IsPastEnd; template++)
        {
            for (int chain = 0; chain < ChainCount; chain++)
            {
                _chains[(template * MaxChains) + chain] = (byte)bits.Read(4);
            }
        }

        return !bits.IsPastEnd;
    }

    private bool TryReadResolutions(ref BitReader bits)
    {
        HasResolutions = bits.ReadFlag();
        for (int spatial = 0; HasResolutions && spatial <= MaxSpatialLayer; spatial++)
        {
            // The field is the size less one; 65536 does not fit and is as good as its neighbour.
            _resolutions[spatial] = ((ushort)Math.Min(bits.Read(16) + 1, ushort.MaxValue), (ushort)Math.Min(bits.Read(16) + 1, ushort.MaxValue));
        }

        return !bits.IsPastEnd;
    }
}
