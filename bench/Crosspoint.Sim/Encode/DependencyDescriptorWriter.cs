using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Sim.Encode;

/// <summary>
/// Writes dependency descriptors: the structure with a keyframe, afterwards the number of a template, and what differs from it.
/// </summary>
internal sealed class DependencyDescriptorWriter
{
    private readonly EncoderShape _shape;
    private readonly DependencyTracker _tracker;
    private readonly List<FrameDependencies> _templates;
    private readonly byte[] _buffer = new byte[256];
    private int _active = -1;

    public DependencyDescriptorWriter(EncoderShape shape)
    {
        _shape = shape;
        _tracker = NewTracker();
        _templates = FindTemplates();
    }

    /// <summary>The descriptors of the next frame: of its first packet, of those between, of its last; with the frame's number.</summary>
    public (byte[] First, byte[] Middle, byte[] Last, byte[] Only) Next(LayerFrame frame)
    {
        FrameDependencies dependencies = _tracker.Next(frame, out int number);
        bool structure = frame.IsKey && frame.Spatial == 0;
        int all = _shape.Layers.Count - 1;
        int? active = frame.HighestSpatial != (structure ? all : _active) ? frame.HighestSpatial : null;
        _active = frame.HighestSpatial;
        return (
            Write(dependencies, number, start: true, end: false, structure, active),
            Write(dependencies, number, start: false, end: false, structure: false, active: null),
            Write(dependencies, number, start: false, end: true, structure: false, active: null),
            Write(dependencies, number, start: true, end: true, structure, active));
    }

    private DependencyTracker NewTracker() => new(_shape.Layers.Count, _shape.TemporalLayers, _shape.KeyFramesOnlyRefer);

    // Every frame that occurs while all layers are on, in the order of layers that the structure is written in.
    private List<FrameDependencies> FindTemplates()
    {
        DependencyTracker tracker = NewTracker();
        VideoEncoder encoder = new(_shape, 1);
        List<FrameDependencies> found = [];
        List<LayerFrame> frames = [];
        for (int i = 0; i < 13; i++)
        {
            encoder.Encode(frames);
        }

        foreach (LayerFrame frame in frames)
        {
            FrameDependencies dependencies = tracker.Next(frame, out _);
            if (!found.Exists(dependencies.SaysTheSameAs))
            {
                found.Add(dependencies);
            }
        }

        return [.. found.OrderBy(template => template.Spatial).ThenBy(template => template.Temporal)];
    }

    private byte[] Write(FrameDependencies frame, int number, bool start, bool end, bool structure, int? active)
    {
        int id = _templates.FindIndex(frame.SaysTheSameAs);
        bool exact = id >= 0;
        id = exact ? id : _templates.FindIndex(template => template.Spatial == frame.Spatial && template.Temporal == frame.Temporal);
        FrameDependencies template = _templates[id];
        BitWriter bits = new(_buffer);
        bits.WriteFlag(start);
        bits.WriteFlag(end);
        bits.Write(id, 6);
        bits.Write(number & 0xFFFF, 16);
        if (structure || !exact || active is not null)
        {
            bool customIndications = !frame.Indications.AsSpan().SequenceEqual(template.Indications);
            bool customReferences = !frame.References.AsSpan().SequenceEqual(template.References);
            bool customChains = !frame.Chains.AsSpan().SequenceEqual(template.Chains);
            bits.WriteFlag(structure);
            bits.WriteFlag(active is not null);
            bits.WriteFlag(customIndications);
            bits.WriteFlag(customReferences);
            bits.WriteFlag(customChains);
            if (structure)
            {
                WriteStructure(ref bits);
            }

            if (active is { } highest)
            {
                bits.Write((1 << ((highest + 1) * _shape.TemporalLayers)) - 1, _tracker.DecodeTargets);
            }

            WriteCustom(ref bits, frame, customIndications, customReferences, customChains);
        }

        return _buffer.AsSpan(0, bits.ByteLength).ToArray();
    }

    private static void WriteCustom(ref BitWriter bits, FrameDependencies frame, bool indications, bool references, bool chains)
    {
        foreach (DecodeTargetIndication indication in indications ? frame.Indications : [])
        {
            bits.Write((int)indication, 2);
        }

        if (references)
        {
            foreach (int reference in frame.References)
            {
                int size = reference <= 16 ? 1 : reference <= 256 ? 2 : 3;
                bits.Write(size, 2);
                bits.Write(reference - 1, 4 * size);
            }

            bits.Write(0, 2);
        }

        foreach (int chain in chains ? frame.Chains : [])
        {
            bits.Write(Math.Min(chain, 255), 8);
        }
    }

    private void WriteStructure(ref BitWriter bits)
    {
        bits.Write(0, 6);
        bits.Write(_tracker.DecodeTargets - 1, 5);
        for (int i = 0; i < _templates.Count; i++)
        {
            bool last = i == _templates.Count - 1;
            bits.Write(last ? 3 : _templates[i + 1].Spatial > _templates[i].Spatial ? 2 : _templates[i + 1].Temporal > _templates[i].Temporal ? 1 : 0, 2);
        }

        foreach (DecodeTargetIndication indication in _templates.SelectMany(template => template.Indications))
        {
            bits.Write((int)indication, 2);
        }

        foreach (FrameDependencies template in _templates)
        {
            foreach (int reference in template.References)
            {
                bits.WriteFlag(true);
                bits.Write(reference - 1, 4);
            }

            bits.WriteFlag(false);
        }

        bits.WriteNonSymmetric(_tracker.Chains, _tracker.DecodeTargets + 1);
        for (int target = 0; target < _tracker.DecodeTargets; target++)
        {
            bits.WriteNonSymmetric(_tracker.ChainOf(target), _tracker.Chains);
        }

        foreach (int chain in _templates.SelectMany(template => template.Chains))
        {
            bits.Write(chain, 4);
        }

        bits.WriteFlag(true);
        for (int spatial = 0; spatial < _shape.Layers.Count; spatial++)
        {
            int shift = _shape.Layers.Count - 1 - spatial;
            bits.Write((1280 >> shift) - 1, 16);
            bits.Write((720 >> shift) - 1, 16);
        }
    }
}
