using Crosspoint.Primitives;

namespace Crosspoint.Media.Layers;

/// <summary>
/// What a producer's layers cost: for each the measured rate of all that a consumer of it would be sent, and whether it is alive. What was
/// measured at the last <see cref="Refresh"/>.
/// </summary>
/// <remarks>One owner: the router's thread. A refresh costs a few hundred additions; nothing is allocated.</remarks>
internal sealed class LayerBitrates(Producer producer)
{
    private readonly Bitrate[] _rates = new Bitrate[LayerMask.SpatialLayers * LayerMask.TemporalLayers];
    private readonly double[] _frameRates = new double[LayerMask.SpatialLayers];
    private readonly int[] _keyFrames = new int[LayerMask.SpatialLayers];
    private readonly bool[] _alive = new bool[LayerMask.SpatialLayers];

    /// <summary>Spatial layers, dead ones included: 1 to 4.</summary>
    public int SpatialCount { get; private set; } = 1;

    /// <summary>Temporal layers of the stream that has most: 1 to 8.</summary>
    public int TemporalCount { get; private set; } = 1;

    /// <summary>When it was last measured.</summary>
    public Instant MeasuredAt { get; private set; }

    /// <summary>The rate of a layer with all that it needs; zero for one that does not exist, is dead or has just begun.</summary>
    public Bitrate this[LayerId layer] =>
        layer.Spatial < SpatialCount && layer.Temporal < LayerMask.TemporalLayers ? _rates[(layer.Spatial * LayerMask.TemporalLayers) + layer.Temporal] : Bitrate.Zero;

    /// <summary>Payload bytes of the last keyframe that a spatial layer could be begun at; 0 before one.</summary>
    public int KeyFrameBytes(int spatial) => spatial < SpatialCount ? _keyFrames[spatial] : 0;

    /// <summary>Pictures a second of a spatial layer with all its temporal layers.</summary>
    public double FrameRate(int spatial) => spatial < SpatialCount ? _frameRates[spatial] : 0;

    /// <summary>True when something of a spatial layer came lately, or may well come again.</summary>
    public bool IsAlive(int spatial) => spatial < LayerMask.SpatialLayers && _alive[spatial];

    /// <summary>Measures.</summary>
    public void Refresh(Instant now)
    {
        MeasuredAt = now;
        SpatialCount = producer.SpatialCount;
        TemporalCount = producer.TemporalCount;
        bool isLowest = true;
        RouterOptions options = producer.Transport.Router.Options;
        for (int spatial = 0; spatial < SpatialCount; spatial++)
        {
            bool isSimulcast = producer.Streams.Length > 1;
            ProducerStream stream = producer.Streams[isSimulcast ? spatial : 0];
            int inner = isSimulcast ? stream.Layers.SpatialCount - 1 : spatial;
            bool isHeard = IsHeard(now, stream, spatial, isSimulcast, options.LayerSilence);
            if (isLowest && _alive[spatial] && !isHeard && IsHeard(now, stream, spatial, isSimulcast, options.SmallerLayerSilence))
            {
                // It saves up after a keyframe, and costs soon what it did: above it is only what does not fit.
                isLowest = false;
                continue;
            }

            _alive[spatial] = isHeard;

            // One that has just begun looks cheaper than it is; of the lowest, there is nothing else to choose.
            bool isKnown = _alive[spatial] && (isLowest || stream.Layers.Meter.IsMeasured(inner));
            bool isCautious = !isLowest;
            isLowest &= !_alive[spatial];
            _keyFrames[spatial] = stream.Layers.Meter.KeyFrameBytes(inner);
            _frameRates[spatial] = stream.Layers.FrameRate;
            for (int temporal = 0; temporal < LayerMask.TemporalLayers; temporal++)
            {
                _rates[(spatial * LayerMask.TemporalLayers) + temporal] =
                    isKnown ? stream.Layers.Meter.RateOf(now, new((byte)inner, (byte)temporal), isCautious) : Bitrate.Zero;
            }
        }
    }

    private static bool IsHeard(Instant now, ProducerStream stream, int spatial, bool isSimulcast, TimeSpan silence) =>
        stream.IsHeard(now, silence) && (isSimulcast || stream.Layers.Meter.IsAlive(now, spatial, silence));
}
