using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Sim.Encode;

/// <summary>A spatial layer or simulcast encoding: below <paramref name="Min"/> it is switched off, above <paramref name="Max"/> it has no use for more.</summary>
internal readonly record struct LayerRates(Bitrate Min, Bitrate Max);

/// <summary>What an encoder is asked to make.</summary>
/// <param name="Codec">VP8, VP9 or AV1.</param>
/// <param name="Layers">Lowest first; one for a single stream.</param>
/// <param name="TemporalLayers">1 to 3.</param>
/// <param name="IsSimulcast">Layers are streams of their own; otherwise spatial layers of one.</param>
/// <param name="KeyFramesOnlyRefer">Of spatial layers, only keyframes refer to the layer below (L3T3_KEY).</param>
internal sealed record EncoderShape(PayloadFormat Codec, IReadOnlyList<LayerRates> Layers, int TemporalLayers, bool IsSimulcast, bool KeyFramesOnlyRefer = false)
{
    public const int FramesPerSecond = 30;

    /// <summary>Size of a keyframe against the mean picture. Six for a camera before a still room; more where a small rate meets much detail.</summary>
    public int KeyFrameFactor { get; init; } = 6;

    /// <summary>What browsers send of a camera of 1280×720 as VP8 simulcast.</summary>
    public static readonly EncoderShape Vp8Simulcast = new(PayloadFormat.Vp8, Three(50, 200, 200, 700, 600, 1700), 3, IsSimulcast: true);

    /// <summary>The same as one VP9 stream of three spatial layers.</summary>
    public static readonly EncoderShape Vp9L3T3 = new(PayloadFormat.Vp9, Three(30, 150, 100, 400, 300, 950), 3, IsSimulcast: false);

    /// <summary>As <see cref="Vp9L3T3"/>, layers apart but for keyframes.</summary>
    public static readonly EncoderShape Vp9L3T3Key = new(PayloadFormat.Vp9, Three(30, 150, 100, 500, 300, 1250), 3, IsSimulcast: false, KeyFramesOnlyRefer: true);

    /// <summary>The same as one AV1 stream of three spatial layers.</summary>
    public static readonly EncoderShape Av1L3T3 = new(PayloadFormat.Av1, Three(30, 120, 80, 330, 250, 750), 3, IsSimulcast: false);

    /// <summary>
    /// What Chromium was seen to send of a drawn picture of 960×540 in the drill behind impaired links: little changes from picture to picture, and a
    /// keyframe of the middle encoding has 25 kB at 340 kbit/s.
    /// </summary>
    public static readonly EncoderShape Vp8Drawn = new(PayloadFormat.Vp8, Three(40, 120, 120, 340, 300, 900), 3, IsSimulcast: true) { KeyFrameFactor = 18 };

    /// <summary>The same as one VP9 stream of three spatial layers.</summary>
    public static readonly EncoderShape Vp9Drawn = new(PayloadFormat.Vp9, Three(30, 110, 80, 220, 200, 500), 3, IsSimulcast: false) { KeyFrameFactor = 12 };

    /// <summary>The same as one AV1 stream of three spatial layers.</summary>
    public static readonly EncoderShape Av1Drawn = new(PayloadFormat.Av1, Three(30, 90, 60, 180, 150, 420), 3, IsSimulcast: false) { KeyFrameFactor = 12 };

    /// <summary>One VP8 stream without layers, up to a rate.</summary>
    public static EncoderShape Single(double maxKilobits) => new(PayloadFormat.Vp8, [new(Bitrate.FromKilobits(30), Bitrate.FromKilobits(maxKilobits))], 1, IsSimulcast: false);

    /// <summary>Everything at its most.</summary>
    public Bitrate Max => new(Layers.Sum(layer => layer.Max.BitsPerSecond));

    private static LayerRates[] Three(int a, int b, int c, int d, int e, int f) =>
        [new(Bitrate.FromKilobits(a), Bitrate.FromKilobits(b)), new(Bitrate.FromKilobits(c), Bitrate.FromKilobits(d)), new(Bitrate.FromKilobits(e), Bitrate.FromKilobits(f))];
}
