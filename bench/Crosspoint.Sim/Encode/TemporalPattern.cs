namespace Crosspoint.Sim.Encode;

/// <summary>The usual pattern of one to three temporal layers (T0 T2 T1 T2): each picture's layer, what it refers to, and its share of the bits.</summary>
internal static class TemporalPattern
{
    /// <summary>Layer, and pictures back to what it refers to, at a position after the keyframe.</summary>
    public static (int Temporal, int RefersBack) At(int layers, int position) => (layers, position % 4) switch
    {
        (3, 0) => (0, 4),
        (3, 1) => (2, 1),
        (3, 2) => (1, 2),
        (3, _) => (2, 1),
        (2, 0 or 2) => (0, 2),
        (2, _) => (1, 1),
        _ => (0, 1),
    };

    /// <summary>Size of a frame of a layer against the mean frame, in thousandths: three layers share the bits 40 : 20 : 40.</summary>
    public static int Weight(int layers, int temporal) => (layers, temporal) switch
    {
        (3, 0) => 1600,
        (3, _) => 800,
        (2, 0) => 1200,
        (2, _) => 800,
        _ => 1000,
    };
}
