using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>
/// How long what one subscriber is sent beyond its budget would have to wait by now: a small excess is carried by the pacer for a while and
/// mostly ends by itself, a large one shows at once.
/// </summary>
/// <remarks>A value; one owner, the transport's allocator.</remarks>
internal struct Shortage()
{
    // A pacer sends half as much again as the target, so what waits is gone that fast.
    private const double Relief = 0.5;

    private Instant _at = Instant.Never;
    private double _growth;
    private double _wait;

    /// <summary>Takes what is being sent and what there is for it from now on; true when too much has been sent for too long.</summary>
    public bool Update(Instant now, long cost, long budget, AllocationOptions options)
    {
        double most = options.MostWait.TotalSeconds;
        if (!_at.IsNever)
        {
            _wait = Math.Clamp(_wait + ((now - _at).TotalSeconds * _growth), 0, 1.5 * most);
        }

        // Nothing at all for what is sent is too little whatever the time.
        double tolerated = Math.Max(1, budget / (1 - options.Tolerance));
        (_at, _growth) = (now, cost > tolerated ? (cost / tolerated) - 1 : -Relief);
        return _wait >= most;
    }

    /// <summary>Something was given up: half of the patience is there again.</summary>
    public void Relieve(AllocationOptions options) => _wait = Math.Min(_wait, options.MostWait.TotalSeconds / 2);

    /// <summary>When it will have been too long, if all stays as it is.</summary>
    public readonly Instant NextTimeout(AllocationOptions options)
    {
        double left = options.MostWait.TotalSeconds - _wait;
        return _growth <= 0 || left <= 0 ? Instant.Never : _at + TimeSpan.FromSeconds(Math.Min(left / _growth, 10));
    }
}
