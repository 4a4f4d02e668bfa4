using System.Runtime.CompilerServices;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Layers;

/// <summary>
/// What all consumers must know of a packet to be sent it or not: found once per packet, so that for each consumer a few comparisons of
/// small numbers remain.
/// </summary>
internal struct FrameFacts
{
    public const int MaxReferences = 16;

    private ReferenceList _references;

    /// <summary>What it is.</summary>
    public FrameFlags Flags;

    /// <summary>Its spatial layer, 0 where there are none.</summary>
    public byte Spatial;

    /// <summary>Its temporal layer, 0 where there are none.</summary>
    public byte Temporal;

    /// <summary>The running number of its frame; spatial layers of one picture are frames of their own.</summary>
    public ushort Frame;

    /// <summary>The layers (<see cref="LayerMask"/>) that need it.</summary>
    public uint Present;

    /// <summary>The layers (<see cref="LayerMask"/>) that one can go up to here, if one has what it refers to.</summary>
    public uint Switch;

    /// <summary>What its dependency descriptor says of decode targets, and where.</summary>
    public ActiveDecodeTargets Targets;

    /// <summary>The running numbers in its payload.</summary>
    public PictureFields Picture;

    /// <summary>References that are known.</summary>
    public int ReferenceCount { get; private set; }

    public readonly bool Has(FrameFlags flag) => (Flags & flag) != FrameFlags.None;

    /// <summary>How many frame numbers back a reference lies.</summary>
    public readonly int GetReference(int index) => _references[index];

    /// <summary>Begins anew: a frame that is everything to everybody.</summary>
    public void Clear()
    {
        Flags = FrameFlags.None;
        (Spatial, Temporal, Frame) = (0, 0, 0);
        (Present, Switch) = (LayerMask.All, 0);
        Targets = default;
        Picture = default;
        ReferenceCount = 0;
    }

    /// <summary>Adds a reference; those beyond the last place are forgotten.</summary>
    public void AddReference(int back)
    {
        if (ReferenceCount < MaxReferences && back is > 0 and <= ushort.MaxValue)
        {
            _references[ReferenceCount++] = (ushort)back;
        }
    }

    [InlineArray(MaxReferences)]
    private struct ReferenceList
    {
        private ushort _first;
    }
}
