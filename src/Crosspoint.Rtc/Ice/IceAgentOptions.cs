namespace Crosspoint.Rtc.Ice;

/// <summary>What the owner of an agent decides. Defaults suit a server; every limit bounds what one peer can make us keep.</summary>
public sealed record IceAgentOptions
{
    /// <summary>Lite or full.</summary>
    public IceMode Mode { get; init; } = IceMode.Lite;

    /// <summary>The role to begin with; a lite agent is always controlled.</summary>
    public IceRole Role { get; init; } = IceRole.Controlled;

    /// <summary>Ta, the time between new checks (RFC 8445 §14.2: 50 ms, never below 5 ms).</summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Least time before a check is retransmitted (RFC 8445 §14.3: 500 ms); doubled twice, then steady.</summary>
    public TimeSpan RetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Rc: transmissions of one check. RFC 8489 §6.2.1 says 7 with doubling waits; 16 with steady ones fill the same time and find a lossy path sooner.</summary>
    public int MaxTransmissions { get; init; } = 16;

    /// <summary>
    /// How long an agent looks for a pair before it fails. Patience is cheap and late candidates are common: RFC 8863 §4 asks for 39.5 s.
    /// A full agent counts from the remote credentials, a lite one from the first check or the remote credentials.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromMilliseconds(39_500);

    /// <summary>How long a controlling agent waits, after its first valid pair, for a better one that is still being checked.</summary>
    public TimeSpan NominationDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Mean time between consent checks; each is drawn from ±20 % (RFC 7675 §5.1: 5 s).</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Consent ends this long after the last answer, or on a lite agent after the last authenticated check (RFC 7675 §5.1: 30 s).</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which the state is Disconnected. Two lost consent checks in a row take up to 12 s, so less would be noise.</summary>
    public TimeSpan DisconnectedAfter { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Most local candidates: a host has a handful of addresses.</summary>
    public int MaxLocalCandidates { get; init; } = 32;

    /// <summary>Most remote candidates that signalling may add. Browsers send 5 to 20.</summary>
    public int MaxRemoteCandidates { get; init; } = 64;

    /// <summary>Most peer-reflexive candidates of either side. Only someone with the password makes them; a new one replaces the one unheard for longest.</summary>
    public int MaxPeerReflexiveCandidates { get; init; } = 16;

    /// <summary>Most pairs in a checklist (RFC 8445 §6.1.2.5: 100).</summary>
    public int MaxPairs { get; init; } = 100;

    /// <summary>Most answers waiting to be fetched. An owner that drains after each datagram needs one.</summary>
    public int MaxQueuedResponses { get; init; } = 16;

    internal void Validate()
    {
        bool valid = Pacing >= TimeSpan.FromMilliseconds(5) && RetransmissionTimeout > TimeSpan.Zero && MaxTransmissions is >= 1 and <= 16
            && ConnectTimeout > TimeSpan.Zero && NominationDelay >= TimeSpan.Zero && ConsentInterval > TimeSpan.Zero && ConsentTimeout > DisconnectedAfter
            && DisconnectedAfter > TimeSpan.Zero && MaxLocalCandidates > 0 && MaxRemoteCandidates > 0 && MaxPeerReflexiveCandidates > 0 && MaxPairs > 0
            && MaxQueuedResponses > 0;
        if (!valid)
        {
            throw new ArgumentException("Every time and limit is positive, Pacing at least 5 ms and ConsentTimeout above DisconnectedAfter.", nameof(Pacing));
        }
    }
}
