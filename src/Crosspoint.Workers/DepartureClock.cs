using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>
/// When packets really leave. A turn has one time for all it does; where it is long, because many are sent a large frame, the last of them
/// would look to congestion control as if they had waited on the way.
/// </summary>
/// <remarks>Owned by one worker thread. The clock is read once a turn and once a batch.</remarks>
/// <param name="clock">The worker's.</param>
internal sealed class DepartureClock(MonotonicClock clock)
{
    // Receivers tell arrivals in steps of 250 µs; what is meant to be noticed begins at some milliseconds.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private Instant _turn = Instant.Never;
    private Instant _leaving;

    /// <summary>A turn begins; this is the time of all it does.</summary>
    public void BeginTurn(Instant now) => (_turn, _leaving) = (now, now);

    /// <summary>What is handed over from now on leaves now.</summary>
    public void Look() => _leaving = clock.Now;

    /// <summary>A transport's packets of this turn are leaving.</summary>
    public void Note(WebRtcTransport transport)
    {
        if (_leaving - _turn > Tolerance)
        {
            transport.Port.HandleDeparture(_turn, _leaving);
        }
    }
}
