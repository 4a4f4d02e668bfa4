using System.Runtime.CompilerServices;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Layers;

/// <summary>What each layer of a stream costs for longer than a moment: bytes by spatial and temporal layer, as a mean over about three seconds.</summary>
/// <remarks>
/// <para>
/// A packet costs an addition. Bytes that higher spatial layers need too are counted apart, because only they are part of a higher layer's
/// rate. A keyframe is counted over the eight seconds that follow it: taken at once, it would make the lowest layer look half as dear again
/// for a second, and encoders make up for it besides. So an encoding that has just begun looks far cheaper than it is; who asks whether to
/// change to it is told all that has come of it over the time that it has come for.
/// </para>
/// <para>One owner: the producer's stream.</para>
/// </remarks>
internal struct LayerMeter
{
    // Layers above the fourth temporal are counted with it: no encoder we know sends them.
    private const int Temporal = 4;
    private const int Cells = LayerMask.SpatialLayers * Temporal;
    private const int MeanWindows = 12;
    private const int KeyFrameWindows = 32;
    private const int LeastWindows = 2;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // By cell; those that higher spatial layers need too come in the second half.
    private Bytes _window;
    private Bytes _owed;
    private Bytes _mean;
    private Bytes _all; // until a mean of enough windows is there
    private KeyFrames _keyFrames;
    private Ages _ages;
    private Moments _seen;
    private Instant _windowEnd;
    private Instant _first;
    private bool _started;
    private bool _isKeyFrame;
    private int _everSeen;

    /// <summary>The highest spatial layer of which something came lately.</summary>
    public int HighestAlive { get; private set; }

    /// <summary>Counts a packet.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="facts">What it is.</param>
    /// <param name="bytes">Its payload.</param>
    public void Add(Instant now, in FrameFacts facts, int bytes)
    {
        if (now >= _windowEnd)
        {
            Roll(now);
        }

        // Only a keyframe's first packet says what it is.
        _isKeyFrame = facts.Has(FrameFlags.KeyFrame) || (_isKeyFrame && !facts.Has(FrameFlags.BeginsPicture));
        bool isShared = facts.Spatial + 1 < LayerMask.SpatialLayers && facts.Present >> ((facts.Spatial + 1) * LayerMask.TemporalLayers) != 0;
        int cell = (isShared ? Cells : 0) + (facts.Spatial * Temporal) + Math.Min(facts.Temporal, (byte)(Temporal - 1));
        if (_isKeyFrame)
        {
            _owed[cell] += bytes;
            NoteKeyFrame(facts, bytes);
        }
        else
        {
            _window[cell] += bytes;
        }

        _all[cell] += bytes;
        _seen[facts.Spatial] = now;
        _everSeen |= 1 << facts.Spatial;
        HighestAlive = Math.Max(HighestAlive, facts.Spatial);
    }

    /// <summary>The rate of all that a layer needs, lower layers included.</summary>
    /// <param name="now">The present.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="isCautious">Of what has just begun, no less than has come of it, its keyframe too.</param>
    public readonly Bitrate RateOf(Instant now, LayerId layer, bool isCautious = false)
    {
        if (!_started || now - _windowEnd >= Pause)
        {
            return Bitrate.Zero;
        }

        float bytes = 0;
        TimeSpan since = now - _first < Window ? Window : now - _first;
        for (int spatial = 0; spatial <= Math.Min((int)layer.Spatial, LayerMask.SpatialLayers - 1); spatial++)
        {
            // Where no window is over yet, the one in hand has to do.
            float part = _ages[spatial] > 0 ? 1 : (float)(Window / since);
            for (int temporal = 0; temporal <= Math.Min((int)layer.Temporal, Temporal - 1); temporal++)
            {
                int cell = (spatial * Temporal) + temporal;
                bytes += part * (BytesOf(cell + Cells, spatial, isCautious) + (spatial == layer.Spatial ? BytesOf(cell, spatial, isCautious) : 0));
            }
        }

        return Bitrate.Of((long)bytes, Window);
    }

    /// <summary>True when a spatial layer has come for so long that its rate says more than how it began.</summary>
    public readonly bool IsMeasured(int spatial) => _ages[spatial] >= LeastWindows;

    /// <summary>True when something of a spatial layer came within a span.</summary>
    public readonly bool IsAlive(Instant now, int spatial, TimeSpan silence) => (_everSeen & (1 << spatial)) != 0 && now - _seen[spatial] <= silence;

    /// <summary>A picture begins: what was silent for so long is not sent any more.</summary>
    public void NoteAlive(Instant now, TimeSpan silence)
    {
        while (HighestAlive > 0 && !IsAlive(now, HighestAlive, silence))
        {
            Forget(HighestAlive--);
        }
    }

    /// <summary>Payload bytes of the last keyframe that came, up to a spatial layer; 0 before one.</summary>
    public readonly int KeyFrameBytes(int spatial)
    {
        int bytes = 0;
        for (int lower = 0; lower <= Math.Min(spatial, LayerMask.SpatialLayers - 1); lower++)
        {
            bytes += _keyFrames[lower];
        }

        return bytes;
    }

    private void NoteKeyFrame(in FrameFacts facts, int bytes)
    {
        if (facts.Has(FrameFlags.BeginsPicture))
        {
            _keyFrames = default;
        }

        _keyFrames[facts.Spatial] += bytes;
    }

    private readonly float BytesOf(int cell, int spatial, bool isCautious)
    {
        int age = _ages[spatial];
        float bytes = age > 0 ? _mean[cell] : _window[cell] + (_owed[cell] / KeyFrameWindows);
        return isCautious && age is > 0 and < MeanWindows ? Math.Max(bytes, _all[cell] / age) : bytes;
    }

    private void Forget(int spatial)
    {
        // Or its silence would count as a mean, and what comes back would look as cheap as nothing for seconds.
        _everSeen &= ~(1 << spatial);
        _ages[spatial] = 0;
        for (int temporal = 0; temporal < Temporal; temporal++)
        {
            int cell = (spatial * Temporal) + temporal;
            (_window[cell], _owed[cell], _mean[cell], _all[cell]) = (0, 0, 0, 0);
            (_window[cell + Cells], _owed[cell + Cells], _mean[cell + Cells], _all[cell + Cells]) = (0, 0, 0, 0);
        }
    }

    private void Roll(Instant now)
    {
        if (!_started || now - _windowEnd >= Pause)
        {
            (_window, _owed, _mean, _all, _ages) = (default, default, default, default, default);
            (_started, _first, _windowEnd) = (true, now, now + Window);
            return;
        }

        do
        {
            Fold();
            _windowEnd += Window;
        }
        while (_windowEnd <= now);
    }

    // A mean of all windows so far, until there are enough for the old ones to fade.
    private void Fold()
    {
        for (int spatial = 0; spatial < LayerMask.SpatialLayers; spatial++)
        {
            if ((_everSeen & (1 << spatial)) == 0)
            {
                continue;
            }

            int age = _ages[spatial] = Math.Min(_ages[spatial] + 1, MeanWindows);
            for (int temporal = 0; temporal < Temporal; temporal++)
            {
                int cell = (spatial * Temporal) + temporal;
                Fold(cell, age);
                Fold(cell + Cells, age);
            }
        }
    }

    private void Fold(int cell, int age)
    {
        float due = _owed[cell] / KeyFrameWindows;
        _mean[cell] += (_window[cell] + due - _mean[cell]) / age;
        _owed[cell] -= due;
        _window[cell] = 0;
    }

    [InlineArray(2 * Cells)]
    private struct Bytes
    {
        private float _first;
    }

    [InlineArray(LayerMask.SpatialLayers)]
    private struct KeyFrames
    {
        private int _first;
    }

    [InlineArray(LayerMask.SpatialLayers)]
    private struct Ages
    {
        private int _first;
    }

    [InlineArray(LayerMask.SpatialLayers)]
    private struct Moments
    {
        private Instant _first;
    }
}
