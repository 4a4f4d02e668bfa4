using Crosspoint.Primitives;

namespace Crosspoint.Media.Forwarding;

/// <summary>Bounds how many packets are resent in 100 ms, so that a consumer cannot turn 16-bit words into a flood.</summary>
/// <remarks>One owner: the consumer.</remarks>
internal struct ResendBudget
{
    private static readonly long WindowTicks = TimeSpan.FromMilliseconds(100).Ticks;

    private long _window;
    private int _taken;

    /// <summary>True while fewer than <paramref name="budget"/> were taken in this window.</summary>
    public bool HasRoom(Instant now, int budget)
    {
        long window = now.Ticks / WindowTicks;
        if (window != _window)
        {
            _window = window;
            _taken = 0;
        }

        return _taken < budget;
    }

    /// <summary>Counts one.</summary>
    public void Take() => _taken++;
}
