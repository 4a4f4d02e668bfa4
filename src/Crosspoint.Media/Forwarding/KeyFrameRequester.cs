using Crosspoint.Primitives;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Merges the wishes of many consumers for a keyframe into few requests to one stream: at most one per interval, repeated
/// with growing patience while none has come, and none at all when a keyframe came after the wish, or when nobody wishes for it any more by the
/// time it may be asked for. Who has a picture and wishes for a better one waits longer, since every keyframe costs all who are sent the stream.
/// </summary>
/// <remarks>One owner: the producer's stream.</remarks>
internal struct KeyFrameRequester(KeyFrameOptions options)
{
    // Who repeats a wish does so with every packet. Where those come more rarely, the next one asks.
    private static readonly TimeSpan RepeatTime = TimeSpan.FromMilliseconds(100);

    private bool _hasSent;
    private bool _isAsked;
    private Instant _sentAt;
    private int _repeats;
    private bool _isLasting;
    private Instant _wantedAt;

    /// <summary>When <see cref="HandleTimeout"/> may have something to send.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>True while somebody waits for a keyframe.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Somebody wants a keyframe. True when a request is to be sent now.</summary>
    /// <param name="now">The present.</param>
    /// <param name="roundTripTime">To the producer; an answer cannot come sooner.</param>
    /// <param name="isUrgent">False when he has a picture meanwhile.</param>
    /// <param name="isRepeated">He says so with every packet for as long as he does; otherwise once.</param>
    public bool Want(Instant now, TimeSpan roundTripTime, bool isUrgent = true, bool isRepeated = false)
    {
        _isLasting = !isRepeated || (IsWanted && _isLasting);
        _wantedAt = now;
        if (IsWanted && _isAsked)
        {
            // After the last repetition it is up to those who still want one to say so again.
            return NextTimeout.IsNever && now - _sentAt >= Patience(roundTripTime) && Send(now, roundTripTime);
        }

        Instant due = _hasSent ? _sentAt + (isUrgent ? options.MinInterval : options.MinUpgradeInterval) : now;
        NextTimeout = IsWanted ? Instant.Min(NextTimeout, due) : due;
        _repeats = 0;
        (IsWanted, _isAsked) = (true, false);
        return now >= NextTimeout && Send(now, roundTripTime);
    }

    /// <summary>True when a request is to be sent now.</summary>
    public bool HandleTimeout(Instant now, TimeSpan roundTripTime)
    {
        if (!IsWanted || now < NextTimeout)
        {
            return false;
        }

        if (!_isAsked && !_isLasting && now - _wantedAt > RepeatTime)
        {
            Satisfy();
            return false;
        }

        return Send(now, roundTripTime);
    }

    /// <summary>A keyframe begins, or nobody is left who could want one.</summary>
    public void Satisfy()
    {
        IsWanted = false;
        NextTimeout = Instant.Never;
    }

    private bool Send(Instant now, TimeSpan roundTripTime)
    {
        bool isLast = _repeats >= options.MaxRepeats;
        NextTimeout = isLast ? Instant.Never : now + Patience(roundTripTime);
        _repeats++;
        (_hasSent, _isAsked) = (true, true);
        _sentAt = now;
        return true;
    }

    // An encoder needs about two frames to answer; each repetition waits twice as long.
    private readonly TimeSpan Patience(TimeSpan roundTripTime)
    {
        TimeSpan least = roundTripTime + options.EncoderDelay;
        TimeSpan patience = (least > options.MinInterval ? least : options.MinInterval) * (1 << Math.Min(_repeats, 3));
        return patience < options.MaxInterval ? patience : options.MaxInterval;
    }
}
