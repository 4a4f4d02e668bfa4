using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>A layer and what it costs with all that lies below it.</summary>
/// <param name="Layer">Which.</param>
/// <param name="Rate">All of it, on the wire.</param>
/// <param name="KeyFrameBytes">What a keyframe that it is begun at has on the wire; 0 while none was seen.</param>
public readonly record struct LayerStep(LayerId Layer, Bitrate Rate, int KeyFrameBytes = 0)
{
    /// <summary>How good it looks, for comparing tracks: a larger picture counts more than a faster one. The base is 0.</summary>
    public int Level => (Layer.Spatial * 8) + Layer.Temporal;
}
