using System.Runtime.InteropServices;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>What the dependency descriptor says of one frame; a view that is valid until its reader reads the next.</summary>
public readonly ref struct DependencyDescriptor
{
    /// <summary>The first packet of the frame.</summary>
    public bool IsStartOfFrame { get; init; }

    /// <summary>The last packet of the frame.</summary>
    public bool IsEndOfFrame { get; init; }

    /// <summary>The running number of the frame, across all layers.</summary>
    public ushort FrameNumber { get; init; }

    /// <summary>A template structure is in this packet.</summary>
    public bool HasStructure { get; init; }

    /// <summary>The frame's spatial layer.</summary>
    public byte SpatialLayer { get; init; }

    /// <summary>The frame's temporal layer.</summary>
    public byte TemporalLayer { get; init; }

    /// <summary>The decode targets that are being sent, as last told, and where in the element that stands or belongs.</summary>
    public ActiveDecodeTargets Active { get; init; }

    /// <summary>The decode targets that are being sent, one bit each; as last told.</summary>
    public uint ActiveDecodeTargets => Active.Mask;

    /// <summary>Width of the frame's layer in pixels; 0 when it is not told.</summary>
    public ushort Width { get; init; }

    /// <summary>Height of the frame's layer in pixels; 0 when it is not told.</summary>
    public ushort Height { get; init; }

    /// <summary>What the frame is to each decode target.</summary>
    public ReadOnlySpan<DecodeTargetIndication> Indications { get; init; }

    /// <summary>How many frame numbers back each frame is that this one refers to.</summary>
    public ReadOnlySpan<ushort> References { get; init; }

    /// <summary>For each chain, how many frame numbers back its last frame is; 0 when this frame begins it.</summary>
    public ReadOnlySpan<byte> Chains { get; init; }

    /// <summary>For each decode target the chain that protects it; empty without chains.</summary>
    public ReadOnlySpan<byte> ProtectedBy { get; init; }

    /// <summary>A keyframe: it brings its structure and refers to nothing.</summary>
    public bool IsKeyFrame => HasStructure && References.IsEmpty;

    /// <summary>The same in the terms that all codecs share.</summary>
    public PayloadFacts GetFacts()
    {
        bool switches = Indications.Contains(DecodeTargetIndication.Switch);
        bool needed = switches || Indications.Contains(DecodeTargetIndication.Required);
        PayloadFlags flags = PayloadFacts.When(IsKeyFrame && IsStartOfFrame, PayloadFlags.KeyFrame)
            | PayloadFacts.When(IsStartOfFrame, PayloadFlags.StartOfFrame)
            | PayloadFacts.When(IsEndOfFrame, PayloadFlags.EndOfFrame)
            | PayloadFacts.When(!needed, PayloadFlags.Discardable)
            | PayloadFacts.When(switches, PayloadFlags.SwitchingPoint);
        return new PayloadFacts(flags, SpatialLayer, TemporalLayer, Width, Height);
    }

    internal static ReadOnlySpan<DecodeTargetIndication> AsIndications(ReadOnlySpan<byte> bytes) =>
        MemoryMarshal.Cast<byte, DecodeTargetIndication>(bytes);
}

/// <summary>How reading a dependency descriptor ended. The names are metric labels.</summary>
public enum DependencyDescriptorStatus : byte
{
    /// <summary>It was read.</summary>
    Ok = 0,

    /// <summary>It ends early, or breaks a bound.</summary>
    Malformed,

    /// <summary>The structure it refers to has not been seen: wait for a keyframe.</summary>
    NoStructure,

    /// <summary>Its template is not one of the structure: the keyframe with the right one was lost.</summary>
    UnknownTemplate,
}
