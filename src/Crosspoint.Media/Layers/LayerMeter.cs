using System.Runtime.CompilerServices;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Layers;

/// <summary>How much comes of each layer of a stream: bytes by spatial and temporal layer, over about the last second.</summary>
/// <remarks>
/// A packet costs an addition. Bytes that higher spatial layers need too are counted apart, because only they are part of a higher layer's
/// rate. One owner: the producer's stream.
/// </remarks>
internal struct LayerMeter
{
    // Layers above the fourth temporal are counted with it: no encoder we know sends them.
    private const int Temporal = 4;
    private const int Cells = LayerMask.SpatialLayers * Temporal;
    private const int Windows = 4;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    private Rows _own;
    private Rows _shared;
    private Moments _seen;
    private Instant _windowEnd;
    private Instant _first;
    private bool _started;
    private int _window;
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

        int cell = (_window * Cells) + (facts.Spatial * Temporal) + Math.Min(facts.Temporal, (byte)(Temporal - 1));
        bool isShared = facts.Spatial + 1 < LayerMask.SpatialLayers && facts.Present >> ((facts.Spatial + 1) * LayerMask.TemporalLayers) != 0;
        if (isShared)
        {
            _shared[cell] += bytes;
        }
        else
        {
            _own[cell] += bytes;
        }

        _seen[facts.Spatial] = now;
        _everSeen |= 1 << facts.Spatial;
        HighestAlive = Math.Max(HighestAlive, facts.Spatial);
    }

    /// <summary>The rate of all that a layer needs, lower layers included.</summary>
    public readonly Bitrate RateOf(Instant now, LayerId layer)
    {
        if (!_started)
        {
            return Bitrate.Zero;
        }

        long bytes = 0;
        for (int window = 0; window < Windows; window++)
        {
            bytes += BytesOf(window * Cells, layer);
        }

        // The window in hand is not over, and a stream that has just begun has no four.
        TimeSpan complete = (Windows - 1) * Window;
        TimeSpan covered = now - _windowEnd + Window + complete;
        TimeSpan since = now - _first;
        TimeSpan span = since < covered ? since : covered;
        return Bitrate.Of(bytes, span < Window ? Window : span);
    }

    /// <summary>True when something of a spatial layer came within a span.</summary>
    public readonly bool IsAlive(Instant now, int spatial, TimeSpan silence) => (_everSeen & (1 << spatial)) != 0 && now - _seen[spatial] <= silence;

    /// <summary>A picture begins: what was silent for so long is not sent any more.</summary>
    public void NoteAlive(Instant now, TimeSpan silence)
    {
        while (HighestAlive > 0 && !IsAlive(now, HighestAlive, silence))
        {
            HighestAlive--;
        }
    }

    private readonly long BytesOf(int window, LayerId layer)
    {
        long bytes = 0;
        for (int spatial = 0; spatial <= Math.Min((int)layer.Spatial, LayerMask.SpatialLayers - 1); spatial++)
        {
            for (int temporal = 0; temporal <= Math.Min((int)layer.Temporal, Temporal - 1); temporal++)
            {
                int cell = window + (spatial * Temporal) + temporal;
                bytes += _shared[cell] + (spatial == layer.Spatial ? _own[cell] : 0);
            }
        }

        return bytes;
    }

    private void Roll(Instant now)
    {
        if (!_started)
        {
            (_started, _first) = (true, now);
        }

        bool isLong = now - _windowEnd >= Windows * Window;
        do
        {
            _window = (_window + 1) % Windows;
            Span<int> own = _own;
            Span<int> shared = _shared;
            own.Slice(_window * Cells, Cells).Clear();
            shared.Slice(_window * Cells, Cells).Clear();
            _windowEnd += Window;
        }
        while (_windowEnd <= now && !isLong);

        if (isLong)
        {
            (_own, _shared) = (default, default);
            (_first, _windowEnd) = (now, now + Window);
        }
    }

    [InlineArray(Windows * Cells)]
    private struct Rows
    {
        private int _first;
    }

    [InlineArray(LayerMask.SpatialLayers)]
    private struct Moments
    {
        private Instant _first;
    }
}
