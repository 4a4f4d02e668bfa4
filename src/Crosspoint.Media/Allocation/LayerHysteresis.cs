using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>
/// Keeps one consumer's layer from going up and down: it falls at once (to nothing only when that lasts), and rises when there was room for a while, when its last fall is
/// long enough ago, and ever later when its rises turn out wrong.
/// </summary>
/// <remarks>A value; one owner, the consumer.</remarks>
internal struct LayerHysteresis()
{
    private bool _hasBegun;
    private Instant _roomSince = Instant.Never;
    private Instant _roseAt = Instant.Never;
    private Instant _holdUntil = Instant.Zero;
    private Instant _restUntil = Instant.Zero;
    private Instant _lackSince = Instant.Never;
    private Bitrate _roseWith;
    private Bitrate _failedWith;
    private int _failures;

    /// <summary>False while it gets no more than it has. A rise that was wrong with little may be right with much more.</summary>
    public readonly bool MayRise(Instant now, Bitrate budget, AllocationOptions options) =>
        now >= _holdUntil || (_failures > 0 && now >= _restUntil && budget.BitsPerSecond >= _failedWith.BitsPerSecond * options.RetryShare);

    /// <summary>When something could change although nothing happens.</summary>
    public readonly Instant NextTimeout(Instant now, AllocationOptions options) =>
        !_lackSince.IsNever ? _lackSince + options.StarveAfter : now < _holdUntil ? _holdUntil : _roomSince.IsNever ? Instant.Never : _roomSince + options.RiseAfter;

    /// <summary>The step to be sent from now on.</summary>
    /// <param name="now">The present.</param>
    /// <param name="current">What is being sent; −1 for nothing.</param>
    /// <param name="granted">What the allocator grants.</param>
    /// <param name="budget">What all share, to tell a wrong rise from a slower network.</param>
    /// <param name="options">How patient to be.</param>
    public int Settle(Instant now, int current, int granted, Bitrate budget, AllocationOptions options)
    {
        granted = Patient(now, current, granted, options);
        if (granted < current)
        {
            Fall(now, budget, granted < 0, options);
            return granted;
        }

        if (granted == current)
        {
            _roomSince = Instant.Never;
            Forgive(now, options);
            return granted;
        }

        if (_hasBegun && _roomSince.IsNever)
        {
            _roomSince = now;
        }

        if (_hasBegun && now - _roomSince < options.RiseAfter)
        {
            return current;
        }

        Rise(now, budget);
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

    private void Fall(Instant now, Bitrate budget, bool toNothing, AllocationOptions options)
    {
        bool wasWrong = !_roseAt.IsNever
            && !toNothing
            && now - _roseAt < options.FailureWindow
            && budget.BitsPerSecond >= _roseWith.BitsPerSecond * options.FailureShare;
        _failures = wasWrong ? Math.Min(_failures + 1, 16) : 0;
        TimeSpan hold = wasWrong ? options.HoldAfterFailure * Math.Pow(2, _failures - 1) : options.HoldAfterFall;
        _holdUntil = now + (hold < options.MaxHold ? hold : options.MaxHold);
        _restUntil = now + options.HoldAfterFall;
        _failedWith = _roseWith;
        _roomSince = Instant.Never;
        _roseAt = Instant.Never;
    }

    private void Rise(Instant now, Bitrate budget)
    {
        _hasBegun = true;
        _roomSince = Instant.Never;
        _roseAt = now;
        _roseWith = budget;
    }

    private void Forgive(Instant now, AllocationOptions options)
    {
        if (!_roseAt.IsNever && now - _roseAt >= options.FailureWindow)
        {
            _failures = 0;
        }
    }
}
