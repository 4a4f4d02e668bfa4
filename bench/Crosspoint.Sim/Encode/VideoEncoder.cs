using Crosspoint.Primitives;

namespace Crosspoint.Sim.Encode;

/// <summary>Makes the frames of a track: which layers are on for the rate it was given, their sizes and what they refer to.</summary>
internal sealed class VideoEncoder
{
    // Of Chromium: what a simulcast encoding that is off needs to come back, of its least rate.
    private const int ReturnPercent = 120;

    private readonly EncoderShape _shape;
    private readonly FrameSizer[] _sizers;
    private readonly Bitrate[] _rates;
    private readonly bool[] _wantsKey;
    private readonly int[] _keyAt;
    private readonly bool[] _isOn;
    private int _picture;
    private int _highest;

    public VideoEncoder(EncoderShape shape, long seed)
    {
        int layers = shape.Layers.Count;
        _shape = shape;
        _sizers = [.. Enumerable.Range(0, layers).Select(layer => new FrameSizer(seed, 100 + layer, EncoderShape.FramesPerSecond, shape.KeyFrameFactor))];
        _rates = new Bitrate[layers];
        _wantsKey = new bool[layers];
        _keyAt = new int[layers];
        _isOn = new bool[layers];
        _highest = layers - 1;
        Array.Fill(_wantsKey, value: true);
        SetRate(shape.Max);
    }

    /// <summary>Keyframes made of a simulcast encoding, or of the one stream.</summary>
    public int KeyFrames { get; private set; }

    /// <summary>The rate of each layer now; zero for one that is off.</summary>
    public IReadOnlyList<Bitrate> Rates => _rates;

    /// <summary>Shares a rate among the layers, the lowest first; those for which too little is left are switched off.</summary>
    public void SetRate(Bitrate total)
    {
        long left = total.BitsPerSecond;
        for (int layer = 0; layer < _rates.Length; layer++)
        {
            LayerRates rates = _shape.Layers[layer];
            long needed = rates.Min.BitsPerSecond;
            if (_shape.IsSimulcast && !_isOn[layer] && _picture > 0)
            {
                needed = Math.Min(needed * ReturnPercent / 100, rates.Max.BitsPerSecond);
            }

            bool on = layer <= _highest && (left >= needed || layer == 0);
            _rates[layer] = on ? new Bitrate(Math.Clamp(left, rates.Min.BitsPerSecond, rates.Max.BitsPerSecond)) : Bitrate.Zero;
            left = on ? left - _rates[layer].BitsPerSecond : 0;
        }
    }

    /// <summary>Nobody watches above this layer, so nothing above it is made.</summary>
    public void SetHighest(int layer) => _highest = layer;

    /// <summary>The next picture begins anew.</summary>
    public void RequestKeyFrame(int encoding) => _wantsKey[_shape.IsSimulcast ? encoding : 0] = true;

    /// <summary>The frames of the next picture, lowest layer first.</summary>
    public void Encode(List<LayerFrame> into)
    {
        if (_shape.IsSimulcast)
        {
            for (int encoding = 0; encoding < _rates.Length; encoding++)
            {
                EncodeOne(encoding, into);
            }
        }
        else
        {
            EncodeLayers(into);
        }

        _picture++;
    }

    private void EncodeOne(int encoding, List<LayerFrame> into)
    {
        bool on = _rates[encoding] > Bitrate.Zero;
        bool key = on && (_wantsKey[encoding] || !_isOn[encoding]);
        _isOn[encoding] = on;
        if (!on)
        {
            return;
        }

        (int temporal, int back) = Begin(encoding, key);
        into.Add(new LayerFrame
        {
            Encoding = encoding,
            Spatial = 0,
            Temporal = temporal,
            IsKey = key,
            Bytes = _sizers[encoding].Next(_rates[encoding], TemporalPattern.Weight(_shape.TemporalLayers, temporal), key),
            Picture = _picture,
            RefersBack = back,
            RefersBelow = false,
            EndsPicture = true,
        });
    }

    // A layer that comes on needs what it lacks: with layers in one stream that is a keyframe of all.
    private void EncodeLayers(List<LayerFrame> into)
    {
        int highest = 0;
        bool key = _wantsKey[0];
        for (int layer = 0; layer < _rates.Length; layer++)
        {
            bool on = _rates[layer] > Bitrate.Zero;
            key |= on && !_isOn[layer];
            _isOn[layer] = on;
            highest = on ? layer : highest;
        }

        (int temporal, int back) = Begin(0, key);
        for (int layer = 0; layer <= highest; layer++)
        {
            into.Add(new LayerFrame
            {
                Encoding = 0,
                Spatial = layer,
                Temporal = temporal,
                IsKey = key,
                Bytes = _sizers[layer].Next(_rates[layer], TemporalPattern.Weight(_shape.TemporalLayers, temporal), key),
                Picture = _picture,
                RefersBack = back,
                RefersBelow = layer > 0 && (key || !_shape.KeyFramesOnlyRefer),
                HighestSpatial = highest,
                EndsPicture = layer == highest,
            });
        }
    }

    private (int Temporal, int Back) Begin(int encoding, bool key)
    {
        _wantsKey[encoding] = false;
        if (key)
        {
            KeyFrames++;
            _keyAt[encoding] = _picture;
            return (0, 0);
        }

        return TemporalPattern.At(_shape.TemporalLayers, _picture - _keyAt[encoding]);
    }
}
