using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Joins packets that were sent together into groups and says how long each group was under way:
/// what a burst of our own does to its later packets is not congestion (draft-ietf-rmcat-gcc-02 §5.2, pre-filtering).
/// </summary>
/// <remarks>
/// A group's delay is the least of its packets': it is the queue that the group met, not the one it made. Sender and receiver
/// have different clocks, so a delay is only good for differences.
/// </remarks>
internal struct DelayGroups
{
    // Packets sent within this time belong together; a pacer's tick, and what one frame's batch needs.
    private static readonly TimeSpan SendSpan = TimeSpan.FromMilliseconds(5);

    private bool _open;
    private Instant _firstSent;
    private Instant _lastArrival;
    private TimeSpan _delay;

    /// <summary>Takes a packet, in the order of sending; true when that completed the group before it.</summary>
    public bool Add(Instant sentAt, Instant receivedAt, out DelaySample completed)
    {
        TimeSpan delay = receivedAt - sentAt;
        completed = default;
        bool together = _open && (sentAt - _firstSent).Duration() <= SendSpan;
        if (together)
        {
            _delay = delay < _delay ? delay : _delay;
            _lastArrival = Instant.Max(_lastArrival, receivedAt);
            return false;
        }

        bool older = _open && sentAt < _firstSent; // reported late: a group of its own would turn time back
        if (older)
        {
            return false;
        }

        bool complete = _open;
        completed = new DelaySample(_firstSent, _lastArrival, _delay);
        _open = true;
        _firstSent = sentAt;
        _lastArrival = receivedAt;
        _delay = delay;
        return complete;
    }

    /// <summary>Forgets the open group.</summary>
    public void Restart() => _open = false;
}

/// <summary>One group's way through the network.</summary>
/// <param name="SentAt">When its first packet was sent.</param>
/// <param name="ReceivedAt">When its last packet came, on the receiver's clock.</param>
/// <param name="Delay">Of its fastest packet, plus the unknown distance of the two clocks.</param>
internal readonly record struct DelaySample(Instant SentAt, Instant ReceivedAt, TimeSpan Delay);
