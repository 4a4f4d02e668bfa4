namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>
/// Reads the dependency descriptors of one stream (RTP Payload Format For AV1, appendix A), which refer to the structure that the last keyframe brought.
/// </summary>
/// <remarks>
/// One owner. Nothing is allocated after construction; a structure that does not read leaves the one before in force.
/// <code>
/// |S|E| template id (6) |   frame number (16)   |   then, when longer than three bytes:
/// |structure?|active targets?|custom dtis?|custom fdiffs?|custom chains?| … each in turn
/// </code>
/// </remarks>
public sealed class DependencyDescriptorReader
{
    private const int MandatoryLength = 3;
    private const int ExtraFlags = 5;

    private readonly byte[] _indications = new byte[DependencyStructure.MaxDecodeTargets];
    private readonly ushort[] _references = new ushort[DependencyStructure.MaxReferences];
    private readonly byte[] _chains = new byte[DependencyStructure.MaxChains];

    private DependencyStructure _structure = new();
    private DependencyStructure _spare = new();
    private bool _hasStructure;
    private uint _activeDecodeTargets;

    /// <summary>Decode targets of the structure in force; 0 without one.</summary>
    public int DecodeTargetCount => _hasStructure ? _structure.DecodeTargetCount : 0;

    /// <summary>The highest spatial and temporal layer that a decode target of the structure in force contains.</summary>
    /// <param name="target">Below <see cref="DecodeTargetCount"/>.</param>
    public (byte Spatial, byte Temporal) GetLayer(int target) => _structure.GetLayer(target);

    /// <summary>Whether all frames of one decode target are frames of another too, so that who gets the other can be given the one at any frame.</summary>
    /// <param name="outer">Below <see cref="DecodeTargetCount"/>.</param>
    /// <param name="inner">Below <see cref="DecodeTargetCount"/>.</param>
    public bool Contains(int outer, int inner) => _structure.Contains(outer, inner);

    /// <summary>Where an element without a structure tells, or would tell, of decode targets; the mask is the last that was told. Nothing is remembered.</summary>
    public ActiveDecodeTargets Locate(ReadOnlySpan<byte> element)
    {
        bool isTold = element.Length > MandatoryLength && (element[MandatoryLength] & 0x40) != 0;
        return new ActiveDecodeTargets(_activeDecodeTargets, (MandatoryLength * 8) + ExtraFlags, (byte)DecodeTargetCount, isTold);
    }

    /// <summary>Reads an extension element.</summary>
    public DependencyDescriptorStatus Read(ReadOnlySpan<byte> element, out DependencyDescriptor descriptor)
    {
        descriptor = default;
        if (element.Length < MandatoryLength)
        {
            return DependencyDescriptorStatus.Malformed;
        }

        BitReader bits = new(element);
        bool start = bits.ReadFlag();
        bool end = bits.ReadFlag();
        int templateId = bits.Read(6);
        ushort frameNumber = (ushort)bits.Read(16);
        Extras extras = element.Length > MandatoryLength ? ReadExtras(ref bits) : default;
        if (extras.HasStructure && !_spare.TryRead(ref bits))
        {
            return DependencyDescriptorStatus.Malformed;
        }

        if (!extras.HasStructure && !_hasStructure)
        {
            return DependencyDescriptorStatus.NoStructure;
        }

        DependencyStructure structure = extras.HasStructure ? _spare : _structure;
        int position = element.Length > MandatoryLength ? bits.Position : (MandatoryLength * 8) + ExtraFlags;
        uint active = extras.HasStructure ? uint.MaxValue >> (32 - structure.DecodeTargetCount) : _activeDecodeTargets;
        active = extras.HasActiveTargets ? (uint)bits.Read(structure.DecodeTargetCount) : active;
        int template = (templateId + 64 - structure.TemplateIdOffset) % 64;
        if (template >= structure.TemplateCount)
        {
            return DependencyDescriptorStatus.UnknownTemplate;
        }

        if (!TryReadFrame(ref bits, extras, structure, template, out int references))
        {
            return DependencyDescriptorStatus.Malformed;
        }

        Commit(extras, active);
        (ushort width, ushort height) = structure.Resolution(structure.SpatialLayer(template));
        descriptor = new DependencyDescriptor
        {
            IsStartOfFrame = start,
            IsEndOfFrame = end,
            FrameNumber = frameNumber,
            HasStructure = extras.HasStructure,
            SpatialLayer = structure.SpatialLayer(template),
            TemporalLayer = structure.TemporalLayer(template),
            Active = new ActiveDecodeTargets(active, (ushort)position, (byte)structure.DecodeTargetCount, extras.HasActiveTargets),
            Width = width,
            Height = height,
            Indications = DependencyDescriptor.AsIndications(_indications.AsSpan(0, structure.DecodeTargetCount)),
            References = _references.AsSpan(0, references),
            Chains = _chains.AsSpan(0, structure.ChainCount),
            ProtectedBy = structure.ProtectedBy,
        };
        return DependencyDescriptorStatus.Ok;
    }

    /// <summary>Forgets the structure: the stream began anew.</summary>
    public void Reset() => _hasStructure = false;

    private static Extras ReadExtras(ref BitReader bits) =>
        new(bits.ReadFlag(), bits.ReadFlag(), bits.ReadFlag(), bits.ReadFlag(), bits.ReadFlag());

    // Nothing takes effect before the whole element has been read.
    private void Commit(in Extras extras, uint active)
    {
        _activeDecodeTargets = active;
        if (extras.HasStructure)
        {
            (_structure, _spare) = (_spare, _structure);
            _hasStructure = true;
        }
    }

    private bool TryReadFrame(ref BitReader bits, in Extras extras, DependencyStructure structure, int template, out int references)
    {
        structure.Indications(template).CopyTo(_indications);
        for (int i = 0; extras.HasCustomIndications && i < structure.DecodeTargetCount; i++)
        {
            _indications[i] = (byte)bits.Read(2);
        }

        if (!TryReadReferences(ref bits, extras, structure.References(template), out references))
        {
            return false;
        }

        structure.Chains(template).CopyTo(_chains);
        for (int i = 0; extras.HasCustomChains && i < structure.ChainCount; i++)
        {
            _chains[i] = (byte)bits.Read(8);
        }

        return !bits.IsPastEnd;
    }

    private bool TryReadReferences(ref BitReader bits, in Extras extras, ReadOnlySpan<byte> ofTemplate, out int count)
    {
        count = 0;
        if (!extras.HasCustomReferences)
        {
            foreach (byte reference in ofTemplate)
            {
                _references[count++] = reference;
            }

            return true;
        }

        for (int size = bits.Read(2); size != 0; size = bits.Read(2))
        {
            if (count == _references.Length)
            {
                return false;
            }

            _references[count++] = (ushort)(bits.Read(4 * size) + 1);
        }

        return true;
    }

    private readonly record struct Extras(
        bool HasStructure, bool HasActiveTargets, bool HasCustomIndications, bool HasCustomReferences, bool HasCustomChains);
}
