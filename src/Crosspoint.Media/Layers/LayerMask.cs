namespace Crosspoint.Media.Layers;

/// <summary>
/// Sets of layers in one number. A layer as something to be sent means: the frames that show this picture size at this rate, whichever of
/// the lower layers they need.
/// </summary>
/// <remarks>
/// <code>
/// bit  31 … 24    23 … 16    15 … 8     7 … 0
///      S3 T7…T0   S2 T7…T0   S1 T7…T0   S0 T7…T0
/// </code>
/// </remarks>
internal static class LayerMask
{
    public const int SpatialLayers = 4;
    public const int TemporalLayers = 8;
    public const uint All = uint.MaxValue;

    /// <summary>The set of one layer. Layers beyond the last are the last.</summary>
    public static uint Of(LayerId layer) => 1u << IndexOf(layer);

    /// <summary>The bit of one layer, 0 to 31.</summary>
    public static int IndexOf(LayerId layer) => (Math.Min(layer.Spatial, (byte)3) * TemporalLayers) + Math.Min(layer.Temporal, (byte)7);

    /// <summary>The layer of a bit.</summary>
    public static LayerId At(int index) => new((byte)(index / TemporalLayers), (byte)(index % TemporalLayers));

    /// <summary>All layers from a spatial and a temporal layer up.</summary>
    public static uint From(int spatial, int temporal) => ((0xFFu << temporal & 0xFF) * 0x0101_0101u) & (All << (spatial * TemporalLayers));

    /// <summary>One spatial layer from a temporal layer up.</summary>
    public static uint Row(int spatial, int temporal) => (0xFFu << temporal & 0xFF) << (spatial * TemporalLayers);

    /// <summary>One temporal layer in every spatial layer.</summary>
    public static uint Column(int temporal) => 0x0101_0101u << temporal;
}
