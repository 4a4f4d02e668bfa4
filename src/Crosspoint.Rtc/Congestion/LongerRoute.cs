using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Tells a way that has become longer from a queue, while less is sent than passes: a queue becomes shorter then, or moves up and down where
/// others fill it. What stays as it is was never a queue.
/// </summary>
internal struct LongerRoute
{
    // A queue of our own loses a sixth of this at the least that a drain yields.
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(10);
    private const int JitterPart = 8; // of the wait

    private Instant _since;
    private TimeSpan _least;
    private TimeSpan _most;

    /// <summary>A drain begins, or nothing that was sent since has come yet.</summary>
    public void Restart(Instant now, TimeSpan queue) => (_since, _least, _most) = (now, queue, queue);

    /// <summary>What packets sent during the drain waited; true when that has been the same for so long that nothing waits.</summary>
    public bool Add(Instant now, TimeSpan queue)
    {
        _least = queue < _least ? queue : _least;
        _most = queue > _most ? queue : _most;
        TimeSpan part = _least / JitterPart;
        if (_most - _least > (part > Jitter ? part : Jitter))
        {
            Restart(now, queue);
        }

        return now - _since >= Enough;
    }
}
