using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// For how long packets have come one right behind the other, each having waited for the one before: so long the link was never idle, and what
/// came is all that it carries.
/// </summary>
/// <remarks>
/// One owner. A machine that stands still is no busy link: what was sent meanwhile comes all at once, the newest without having waited.
/// <code>
/// sent      a b c d          e
/// received    a  b  c  d     ...  e     b, c and d could have come before the one before them did; e could not
///             └── run ──┘
/// </code>
/// </remarks>
internal struct BusyRun
{
    private Instant _began;
    private Instant _last;
    private bool _started;

    /// <summary>From its first arrival to its last.</summary>
    public readonly TimeSpan Length => _last - _began;

    /// <summary>How long the newest packet waited.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>Takes a packet in the order of sending.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="least">How long the way takes at least, on those two clocks.</param>
    public void Add(Instant sentAt, Instant receivedAt, TimeSpan least)
    {
        if (_started && receivedAt < _last)
        {
            return; // overtaken: it says nothing of those before
        }

        bool waited = _started && sentAt + least < _last;
        _began = waited ? _began : receivedAt;
        _last = receivedAt;
        _started = true;
        Wait = receivedAt - sentAt - least;
    }

    /// <summary>Begins anew.</summary>
    public void Restart() => this = default;
}
