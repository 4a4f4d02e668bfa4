using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>
/// Keeps one consumer's layer from going up and down: it falls at once (to nothing only when that lasts), and rises when there was room for
/// a while and its last fall is long enough ago. What hardly moves moves at once.
/// </summary>
/// <remarks>A value; one owner, the consumer.</remarks>
internal struct LayerHysteresis()
{
    private bool _hasBegun;
    private Instant _roomSince = Instant.Never;
    private Instant _holdUntil = Instant.Zero;
    private Instant _lackSince = Instant.Never;

    /// <summary>False while it gets no more than it has.</summary>
    public readonly bool MayRise(Instant now) => now >= _holdUntil;

    /// <summary>When something could change although nothing happens.</summary>
    public readonly Instant NextTimeout(Instant now, AllocationOptions options) =>
        !_lackSince.IsNever ? _lackSince + options.StarveAfter : now < _holdUntil ? _holdUntil : _roomSince.IsNever ? Instant.Never : _roomSince + options.RiseAfter;

    /// <summary>It was given less.</summary>
    public void HandleFall(Instant now, AllocationOptions options) => (_roomSince, _holdUntil) = (Instant.Never, now + options.HoldAfterFall);

    /// <summary>The step to be sent from now on.</summary>
    /// <param name="now">The present.</param>
    /// <param name="current">What is being sent; −1 for nothing.</param>
    /// <param name="granted">What the allocator grants.</param>
    /// <param name="atOnce">As much of it as need not be waited for.</param>
    /// <param name="hasShownLimit">Something has spoken against more: a video that is taken away altogether for less was not wrong, and begins again as soon as there is room.</param>
    /// <param name="options">How patient to be.</param>
    public int Settle(Instant now, int current, int granted, int atOnce, bool hasShownLimit, AllocationOptions options)
    {
        granted = Patient(now, current, granted, options);
        if (granted <= current)
        {
            _roomSince = Instant.Never;
            if (granted < 0 && current >= 0 && !hasShownLimit)
            {
                _hasBegun = false;
            }
            else if (granted < current)
            {
                HandleFall(now, options);
            }

            return granted;
        }

        if (_hasBegun && _roomSince.IsNever)
        {
            _roomSince = now;
        }

        if (_hasBegun && now - _roomSince < options.RiseAfter)
        {
            return atOnce;
        }

        (_hasBegun, _roomSince) = (true, Instant.Never);
        return granted;
    }

    // A picture that stops and comes again is worse than the least of it for a moment too long: the pacer carries that.
    private int Patient(Instant now, int current, int granted, AllocationOptions options)
    {
        if (granted >= 0 || current < 0)
        {
            _lackSince = Instant.Never;
            return granted;
        }

        _lackSince = _lackSince.IsNever ? now : _lackSince;
        return now - _lackSince < options.StarveAfter ? 0 : granted;
    }
}
