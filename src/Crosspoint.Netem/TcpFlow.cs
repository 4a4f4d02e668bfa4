using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>One <see cref="TcpTraffic"/> at work: its window, and the answers that are on their way back.</summary>
internal sealed class TcpFlow(TcpTraffic plan, Instant origin, TimeSpan delay)
{
    private const long One = 1024; // The window counts in 1024ths of a packet.
    private const long MaxWindow = 1000 * One;

    private readonly PriorityQueue<bool, (long At, long Order)> _answers = new();
    // Never nothing, or a link without a bottleneck would answer for ever in one moment.
    private readonly TimeSpan _roundTrip = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (plan.RoundTrip + delay).Ticks));

    private long _window = 10 * One;
    private long _threshold = MaxWindow;
    private long _order;
    private int _underWay;
    private long _arrived;
    private Instant _cutUntil;
    private bool _begun;

    public int PacketBytes => plan.PacketBytes;

    /// <summary>When it has something to do: begin, or hear of a packet.</summary>
    public Instant NextEvent => !_begun
        ? origin + plan.From
        : _answers.TryPeek(out _, out (long At, long Order) first) ? new Instant(first.At) : Instant.Never;

    /// <summary>Does what is due and says how many packets it sends now.</summary>
    public int Handle(Instant now)
    {
        _begun = true;
        while (_answers.TryPeek(out bool arrived, out (long At, long Order) first) && first.At <= now.Ticks)
        {
            _answers.Dequeue();
            _underWay--;
            if (arrived)
            {
                Grow();
            }
            else
            {
                Cut(now);
            }
        }

        if (IsOver(now))
        {
            return 0;
        }

        int sends = (int)Math.Max(0, (_window / One) - _underWay);
        _underWay += sends;
        return sends;
    }

    /// <summary>One of its packets left the bottleneck, or was dropped somewhere.</summary>
    public void Note(Instant at, bool arrived)
    {
        _answers.Enqueue(arrived, ((at + _roundTrip).Ticks, _order++));
        _arrived += arrived ? plan.PacketBytes : 0;
    }

    private bool IsOver(Instant now) => (plan.Until is { } until && now >= origin + until) || (plan.Bytes is { } bytes && _arrived >= bytes);

    private void Grow() => _window = Math.Min(MaxWindow, _window + (_window < _threshold ? One : One * One / _window));

    private void Cut(Instant now)
    {
        if (now < _cutUntil)
        {
            return;
        }

        _window = Math.Max(2 * One, _window / 2);
        _threshold = _window;
        _cutUntil = now + _roundTrip;
    }
}
