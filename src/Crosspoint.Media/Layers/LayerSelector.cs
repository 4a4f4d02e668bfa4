namespace Crosspoint.Media.Layers;

/// <summary>
/// Chooses the frames of one stream that one consumer is sent. Down goes at once where the lower layer is part of the higher; up only
/// where the stream says that one can, and never past a frame that was not sent and is referred to.
/// </summary>
/// <remarks>
/// A spatial change waits for the beginning of a picture, so that its marker comes once. One owner: the consumer.
/// <code>
/// wish in reach? ── part of what is sent ────────────────► down at the next frame (or picture)
///                ── a switch to it, references sent ─────► there
///                ── neither: spatial ────────────────────► keyframe asked for; until then as little of what is sent as moves
///                            temporal ───────────────────► at the next frame that can be joined
/// </code>
/// </remarks>
internal struct LayerSelector
{
    private FrameWindow _window;
    private uint _mask;
    private bool _isStuck;
    private bool _isUpward;

    /// <summary>The layer that is sent.</summary>
    public LayerId Current { get; private set; }

    /// <summary>True while the wish can only be met at a keyframe.</summary>
    public bool NeedsKeyFrame { get; private set; }

    /// <summary>True while that keyframe would only bring a larger picture.</summary>
    public bool CanWait => !_isStuck && _isUpward;

    /// <summary>Begins at a keyframe.</summary>
    public void Begin(StreamLayers layers, LayerId wish)
    {
        _window.Restart();
        Go(layers.Resolve(wish));
    }

    /// <summary>Judges a packet.</summary>
    /// <param name="layers">Its stream.</param>
    /// <param name="wish">The highest layer that may be sent.</param>
    /// <param name="frame">What it is.</param>
    /// <param name="isNewest">No later packet came before it.</param>
    public FrameVerdict Judge(StreamLayers layers, LayerId wish, in FrameFacts frame, bool isNewest)
    {
        if (!frame.Has(FrameFlags.Numbered))
        {
            return (frame.Present & _mask) != 0 ? FrameVerdict.Keep : FrameVerdict.OtherLayer;
        }

        if (isNewest && frame.Has(FrameFlags.KeyFrame) && !_window.IsAhead(frame.Frame) && _window.FateOf(frame.Frame) != FrameFate.Kept)
        {
            // An encoder that began anew counts as it likes.
            _window.Restart();
        }

        return _window.FateOf(frame.Frame) switch
        {
            FrameFate.Kept => FrameVerdict.Keep,
            FrameFate.Dropped => FrameVerdict.OtherLayer,
            FrameFate.Forgotten => FrameVerdict.TooOld,
            _ => Decide(layers, wish, frame),
        };
    }

    private FrameVerdict Decide(StreamLayers layers, LayerId wish, in FrameFacts frame)
    {
        bool lacks = _window.LacksReference(frame);
        if (_window.IsAhead(frame.Frame))
        {
            Follow(layers, wish, frame, lacks);
        }

        bool isPart = (frame.Present & _mask) != 0;
        _window.Decide(frame.Frame, isPart && !lacks);
        if (isPart && lacks && frame.Temporal == 0)
        {
            (NeedsKeyFrame, _isStuck) = (true, true);
        }

        return !isPart ? FrameVerdict.OtherLayer : lacks ? FrameVerdict.MissingReference : FrameVerdict.Keep;
    }

    private void Follow(StreamLayers layers, LayerId wish, in FrameFacts frame, bool lacks)
    {
        if (frame.Has(FrameFlags.KeyFrame))
        {
            Go(layers.Resolve(wish));
            return;
        }

        wish = Bound(layers, wish);
        NeedsKeyFrame = wish.Spatial != Current.Spatial;
        _isUpward = wish.Spatial > Current.Spatial;
        if (wish != Current)
        {
            GoDown(layers, wish, frame.Has(FrameFlags.BeginsPicture));
            GoUp(wish, frame, lacks);
        }
    }

    // What is sent already may be more than is known to exist, and need not become less for that; nothing is waited for that does not come.
    private readonly LayerId Bound(StreamLayers layers, LayerId wish)
    {
        int temporal = Math.Min((int)wish.Temporal, Math.Max((int)Current.Temporal, layers.TemporalCount - 1));
        int alive = layers.HighestAlive;
        int spatial = Math.Min((int)wish.Spatial, Math.Max((int)Current.Spatial, alive));
        LayerId bounded = new((byte)spatial, (byte)temporal);
        bool isDead = spatial > alive && !layers.Contains(Current, Current with { Spatial = (byte)alive });
        return layers.Resolve(isDead ? bounded with { Spatial = (byte)alive } : bounded);
    }

    private void GoDown(StreamLayers layers, LayerId wish, bool beginsPicture)
    {
        LayerId both = new(Math.Min(wish.Spatial, Current.Spatial), Math.Min(wish.Temporal, Current.Temporal));
        bool isLower = both.Spatial < Current.Spatial;
        if (isLower && beginsPicture && layers.Contains(Current, both))
        {
            Go(both);
            NeedsKeyFrame = wish.Spatial != Current.Spatial;
            return;
        }

        // The smaller picture is not part of the larger: as few of the larger as move, until it can be changed.
        bool isOutOfReach = isLower && !layers.Contains(Current, both);
        LayerId slower = Current with { Temporal = isOutOfReach ? Math.Min(both.Temporal, layers.SlowestMoving) : both.Temporal };
        if (slower != Current && layers.Contains(Current, slower))
        {
            Go(slower, keepsWaiting: true);
        }
    }

    private void GoUp(LayerId wish, in FrameFacts frame, bool lacks)
    {
        if (lacks || frame.Switch == 0)
        {
            return;
        }

        bool tellsSpatial = frame.Has(FrameFlags.BeginsPicture) && frame.Has(FrameFlags.TellsSpatial);
        if (wish.Spatial != Current.Spatial && tellsSpatial && (frame.Switch & LayerMask.Of(wish)) != 0)
        {
            Go(wish);
            return;
        }

        int most = frame.Has(FrameFlags.Stepwise) ? Math.Min(Current.Temporal + 1, (int)wish.Temporal) : wish.Temporal;
        bool waits = wish.Spatial < Current.Spatial;
        for (int temporal = most; temporal > Current.Temporal && !waits; temporal--)
        {
            if ((frame.Switch & LayerMask.Of(Current with { Temporal = (byte)temporal })) != 0)
            {
                Go(Current with { Temporal = (byte)temporal }, keepsWaiting: true);
                return;
            }
        }
    }

    private void Go(LayerId layer, bool keepsWaiting = false)
    {
        Current = layer;
        _mask = LayerMask.Of(layer);
        NeedsKeyFrame &= keepsWaiting;
        _isStuck &= keepsWaiting;
    }
}
