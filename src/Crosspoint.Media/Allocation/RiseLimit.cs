using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>
/// What the videos of one subscriber may rise to together: no further than what turned out to be too much, for ever longer the more often
/// it did, unless the network shows itself to be another.
/// </summary>
/// <remarks>A value; one owner, the transport's allocator. By transport and not by video, or each video would try in turn what failed for the one before.</remarks>
internal struct RiseLimit()
{
    private const int DarkPart = 4; // of a hold

    private Instant _roseAt = Instant.Never;
    private Instant _fellAt = Instant.Never;
    private Instant _failedAt = Instant.Zero;
    private Instant _slowSince = Instant.Never;
    private Bitrate _beforeRise;
    private Bitrate _failed;
    private Bitrate _ceiling;
    private Instant _until = Instant.Zero;
    private Bitrate _restCeiling;
    private Instant _restUntil = Instant.Zero;
    private int _failures;

    /// <summary>
    /// What may be spent so that a video is seen that is not: what was too much is tried again sooner for it, since dark is worse than a step too little.
    /// To be asked after <see cref="Most"/>.
    /// </summary>
    public readonly Bitrate MostToBegin(Instant now, Bitrate budget, Bitrate most, AllocationOptions options)
    {
        TimeSpan hold = (_until - _failedAt) / DarkPart;
        hold = hold < options.MaxHoldDark ? hold : options.MaxHoldDark;
        return now >= _until || now >= _fellAt + hold ? budget : most;
    }

    /// <summary>What may be spent after a rise.</summary>
    public Bitrate Most(Instant now, Bitrate budget, AllocationOptions options)
    {
        if (now >= _until)
        {
            return budget;
        }

        NoteSlow(now, budget, options);
        bool isSettled = now - _fellAt >= options.HoldAfterFall;
        bool isMuchMore = budget.BitsPerSecond >= _failed.BitsPerSecond * options.RetryShare;
        if (isSettled && (isMuchMore || (!_slowSince.IsNever && now - _slowSince >= options.OtherAfter)))
        {
            (_until, _restUntil, _failures) = (now, now, 0);
            return budget;
        }

        Bitrate ceiling = now < _restUntil && _restCeiling < _ceiling ? _restCeiling : _ceiling;
        return budget < ceiling ? budget : ceiling;
    }

    /// <summary>Somebody was given more.</summary>
    /// <param name="now">The present.</param>
    /// <param name="before">What all cost until then.</param>
    public void HandleRise(Instant now, Bitrate before) => (_roseAt, _beforeRise) = (now, before);

    /// <summary>Too much was sent for too long.</summary>
    /// <param name="now">The present.</param>
    /// <param name="total">What was sent.</param>
    /// <param name="options">How patient to be.</param>
    public void HandleFall(Instant now, Bitrate total, AllocationOptions options)
    {
        // 5 % below what was sent, not what there was for it: an estimate that is overrun is lower than what the network carries.
        Bitrate ceiling = new((long)(total.BitsPerSecond * (1 - options.Tolerance)));
        bool hasRisen = !_roseAt.IsNever && (_fellAt.IsNever || _roseAt > _fellAt);
        bool isSame = !_fellAt.IsNever && !hasRisen && now - _fellAt < options.OtherAfter;
        _fellAt = now;
        if (now < _until && !hasRisen)
        {
            // Of the same fall what is given up until a queue has gone says nothing; what was right until now may be so again, but not at once.
            (_restCeiling, _restUntil) = isSame ? (_restCeiling, _restUntil) : (ceiling, now + options.HoldAfterFailure);
            return;
        }

        bool hasLasted = !_roseAt.IsNever && now - _roseAt >= options.FailureWindow;
        _failures = hasLasted ? 1 : Math.Min(_failures + 1, 16);
        TimeSpan hold = options.HoldAfterFailure * Math.Pow(options.HoldGrowth, _failures - 1);
        (_failed, _slowSince) = (total, Instant.Never);

        // After a single step, what costs breathe by must not let the same step through again: no further than what was right before it.
        Bitrate right = new((long)(_beforeRise.BitsPerSecond * (1 + (options.Tolerance / 2))));
        bool wasStep = hasRisen && !hasLasted && _beforeRise.BitsPerSecond >= total.BitsPerSecond * options.FailureShare;
        _ceiling = wasStep && right < ceiling ? right : ceiling;
        _failedAt = now;
        _until = now + (hold < options.MaxHold ? hold : options.MaxHold);
    }

    // A network that is much slower for longer than a queue takes to drain is another, and nobody was wrong.
    private void NoteSlow(Instant now, Bitrate budget, AllocationOptions options)
    {
        bool isSlow = budget.BitsPerSecond < _failed.BitsPerSecond * options.FailureShare;
        _slowSince = _slowSince.While(isSlow, now);
    }
}
