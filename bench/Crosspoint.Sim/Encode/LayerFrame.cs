namespace Crosspoint.Sim.Encode;

/// <summary>One encoded frame of one layer.</summary>
internal sealed record LayerFrame
{
    /// <summary>Which simulcast encoding; 0 without simulcast.</summary>
    public required int Encoding { get; init; }

    /// <summary>Spatial layer within the encoding.</summary>
    public required int Spatial { get; init; }

    /// <summary>Temporal layer.</summary>
    public required int Temporal { get; init; }

    /// <summary>Part of a keyframe.</summary>
    public required bool IsKey { get; init; }

    /// <summary>Size.</summary>
    public required int Bytes { get; init; }

    /// <summary>Running number of the picture at the encoder.</summary>
    public required int Picture { get; init; }

    /// <summary>Pictures back to the one of the same spatial layer that it refers to; 0 for none.</summary>
    public required int RefersBack { get; init; }

    /// <summary>Whether it refers to the spatial layer below, of the same picture.</summary>
    public required bool RefersBelow { get; init; }

    /// <summary>The highest spatial layer that is on.</summary>
    public int HighestSpatial { get; init; }

    /// <summary>The last frame of its picture within its encoding.</summary>
    public required bool EndsPicture { get; init; }
}
