using Crosspoint.Primitives;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Bounds how many packets are looked for and how many are resent in 100 ms, so that a consumer cannot turn 16-bit words into a flood,
/// nor a datagram full of them into work.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
internal struct ResendBudget
{
    private static readonly long WindowTicks = TimeSpan.FromMilliseconds(100).Ticks;

    private long _window;
    private int _taken;
    private int _asked;

    /// <summary>Counts one that is asked for; false when <paramref name="most"/> were in this window.</summary>
    public bool TryAsk(Instant now, int most)
    {
        Begin(now);
        if (_asked >= most)
        {
            return false;
        }

        _asked++;
        return true;
    }

    /// <summary>True while fewer than <paramref name="budget"/> were taken in this window.</summary>
    public bool HasRoom(Instant now, int budget)
    {
        Begin(now);
        return _taken < budget;
    }

    /// <summary>Counts one.</summary>
    public void Take() => _taken++;

    private void Begin(Instant now)
    {
        long window = now.Ticks / WindowTicks;
        if (window != _window)
        {
            _window = window;
            _taken = 0;
            _asked = 0;
        }
    }
}
