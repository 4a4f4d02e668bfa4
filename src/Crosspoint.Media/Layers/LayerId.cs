namespace Crosspoint.Media.Layers;

/// <summary>A layer of a video: how large its picture is and how often it comes. Higher numbers contain what lower ones show.</summary>
/// <param name="Spatial">0 for the smallest picture. Simulcast encodings, in the order in which they were declared, and spatial layers of SVC are both counted by it.</param>
/// <param name="Temporal">0 for the lowest frame rate, up to 7.</param>
public readonly record struct LayerId(byte Spatial, byte Temporal)
{
    /// <summary>As high as a layer can be: whoever wishes for it wishes for everything.</summary>
    public static readonly LayerId Highest = new(7, 7);

    /// <inheritdoc/>
    public override string ToString() => $"S{Spatial}T{Temporal}";
}
