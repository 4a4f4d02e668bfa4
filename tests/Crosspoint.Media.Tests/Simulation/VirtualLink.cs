using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Simulation;

/// <summary>Virtual time: what is to happen, in order.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    public Instant Now { get; private set; }

    public void At(Instant instant, Action action) => _queue.Enqueue(action, (instant.Ticks, _order++));

    public void RunUntil(Instant end, Func<Instant> nextTimeout, Action<Instant> handleTimeout)
    {
        while (true)
        {
            Instant next = _queue.TryPeek(out _, out (long At, long) first) ? new Instant(first.At) : Instant.Never;
            Instant timeout = nextTimeout();
            if (Instant.Min(next, timeout) > end)
            {
                Now = end;
                return;
            }

            Now = Instant.Max(Now, Instant.Min(next, timeout));
            if (timeout <= next)
            {
                handleTimeout(Now);
            }
            else
            {
                _queue.Dequeue()();
            }
        }
    }
}

/// <summary>One direction of a path that loses, delays and reorders, by a seed.</summary>
internal sealed class VirtualLink(VirtualTime time, Random random, double loss, double delayMilliseconds, double jitterMilliseconds, Action<Instant, byte[]> deliver)
{
    public double Loss { get; set; } = loss;

    public void Send(byte[] packet)
    {
        if (random.NextDouble() < Loss)
        {
            return;
        }

        Instant arrival = time.Now + TimeSpan.FromMilliseconds(delayMilliseconds + (jitterMilliseconds * random.NextDouble()));
        time.At(arrival, () => deliver(arrival, packet));
    }
}
