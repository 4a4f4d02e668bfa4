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
    // A packet that waited so much longer than the one before it is the first of a slow link, or of a longer way. What comes in the moment after it tells.
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(20);

    private Instant _began;
    private Instant _last;
    private TimeSpan _firstWait;
    private Instant _jumpedAt;
    private TimeSpan _jumpedTo;
    private bool _hasJumped; // and nothing has told yet why
    private bool _started;

    /// <summary>From its first arrival to its last.</summary>
    public readonly TimeSpan Length => _last - _began;

    /// <summary>How long the newest packet waited.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>How much of that came about in the run; none while that is not known.</summary>
    public readonly TimeSpan Growth => _hasJumped ? TimeSpan.Zero : Wait - _firstWait;

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

        TimeSpan wait = receivedAt - sentAt - least;
        bool waited = _started && sentAt + least < _last;
        if (!waited)
        {
            Begin(receivedAt, wait);
        }
        else if (_hasJumped)
        {
            Judge(receivedAt, wait);
        }
        else if (wait - Wait > Jump)
        {
            (_hasJumped, _jumpedAt, _jumpedTo) = (true, receivedAt, wait);
        }

        _last = receivedAt;
        _started = true;
        Wait = wait;
    }

    /// <summary>Begins anew.</summary>
    public void Restart() => this = default;

    private void Begin(Instant at, TimeSpan wait) => (_began, _firstWait, _hasJumped) = (at, wait, false);

    private void Judge(Instant now, TimeSpan wait)
    {
        _hasJumped = now - _jumpedAt < Moment;
        if (!_hasJumped && wait - _jumpedTo < Same)
        {
            Begin(_jumpedAt, _jumpedTo);
        }
    }
}
