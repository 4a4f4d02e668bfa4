using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Tests.Simulation;

/// <summary>
/// A network on virtual time: endpoints, access links with loss, duplication, reordering, jitter, delay and rate, and NAT boxes.
/// Everything random comes from the seed and ties are broken by order, so a run can be repeated exactly.
/// Use: <see cref="Attach"/> endpoints, mutate them, <see cref="Drain"/> what that caused, then <see cref="RunUntil"/>.
/// </summary>
public sealed class VirtualNetwork(int seed)
{
    private const int MaxDatagram = 2048;
    private const int MaxStepsWithoutTime = 10_000;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _queue = new();
    private readonly Dictionary<TransportAddress, Port> _ports = [];
    private readonly List<IVirtualEndpoint> _endpoints = [];
    private readonly List<VirtualNat> _nats = [];
    private readonly byte[] _buffer = new byte[MaxDatagram];
    private long _order;
    private int _stepsAtThisTime;

    public int Seed { get; } = seed;

    public Instant Now { get; private set; } = Instant.FromMilliseconds(1000);

    public long Sent { get; private set; }

    public long Delivered { get; private set; }

    public long Lost { get; private set; }

    /// <summary>Stopped by a NAT, or sent to nobody.</summary>
    public long Unroutable { get; private set; }

    public Random Random => _random;

    /// <summary>Looks at every datagram as it leaves: (from, to, bytes). Answer false to swallow it.</summary>
    public Func<TransportAddress, TransportAddress, byte[], bool>? Tap { get; set; }

    /// <summary>Binds an address of an endpoint; call again for more addresses of the same one.</summary>
    public void Attach(IVirtualEndpoint endpoint, TransportAddress address, VirtualNat? nat = null, LinkProfile? up = null, LinkProfile? down = null)
    {
        LinkProfile uplink = up ?? LinkProfile.Perfect;
        _ports[address] = new(endpoint, nat, new(uplink), new(down ?? uplink));
        if (!_endpoints.Contains(endpoint))
        {
            _endpoints.Add(endpoint);
        }

        if (nat is not null && !_nats.Contains(nat))
        {
            _nats.Add(nat);
        }

        nat?.Announce(address);
    }

    /// <summary>The address is gone: nothing is sent from it and nothing reaches it.</summary>
    public void Detach(TransportAddress address) => _ports.Remove(address);

    /// <summary>The endpoint is gone with all its addresses, without a goodbye.</summary>
    public void Detach(IVirtualEndpoint endpoint)
    {
        _endpoints.Remove(endpoint);
        foreach (TransportAddress address in _ports.Where(p => p.Value.Endpoint == endpoint).Select(p => p.Key).ToArray())
        {
            _ports.Remove(address);
        }
    }

    /// <summary>Replaces the links of a bound address, for a network that changes mid-call.</summary>
    public void SetLink(TransportAddress address, LinkProfile profile) =>
        _ports[address] = _ports[address] with { Up = new(profile), Down = new(profile) };

    public void Schedule(Instant at, Action action) => _queue.Enqueue(action, (Math.Max(at.Ticks, Now.Ticks), _order++));

    public void Schedule(TimeSpan after, Action action) => Schedule(Now + after, action);

    /// <summary>Sends what an endpoint has to send; the network does it by itself after each datagram and timeout.</summary>
    public void Drain(IVirtualEndpoint endpoint)
    {
        for (int i = 0; endpoint.TryTransmit(Now, _buffer, out Transmit transmit); i++)
        {
            Assert.True(i < MaxStepsWithoutTime, $"seed {Seed}: an endpoint never stops sending");
            Send(transmit.Local, transmit.Remote, _buffer.AsSpan(0, transmit.Length));
        }
    }

    /// <summary>Sends one datagram from a bound address.</summary>
    public void Send(TransportAddress from, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        Sent++;
        byte[] bytes = datagram.ToArray();
        if (!_ports.TryGetValue(from, out Port port) || (Tap is not null && !Tap(from, to, bytes)))
        {
            Unroutable++;
            return;
        }

        TransportAddress seen = port.Nat?.Outbound(from, to) ?? from;
        Cross(port.Up, to.Protocol, bytes.Length, () => Arrive(seen, to, bytes));
    }

    /// <summary>Runs until the condition holds; false when the time came first.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        Instant end = Now + within;
        DrainAll();
        while (!condition())
        {
            if (!Step(end))
            {
                return condition();
            }
        }

        return true;
    }

    /// <summary>Runs for a span of time.</summary>
    public void Run(TimeSpan span) => RunUntil(() => false, span);

    private void DrainAll()
    {
        foreach (IVirtualEndpoint endpoint in _endpoints.ToArray())
        {
            Drain(endpoint);
        }
    }

    private bool Step(Instant end)
    {
        IVirtualEndpoint? due = null;
        Instant next = Instant.Never;
        foreach (IVirtualEndpoint endpoint in _endpoints)
        {
            if (endpoint.NextTimeout < next)
            {
                (due, next) = (endpoint, endpoint.NextTimeout);
            }
        }

        bool queued = _queue.TryPeek(out _, out (long Ticks, long Order) head);
        if (queued && head.Ticks <= next.Ticks)
        {
            next = new(head.Ticks);
            due = null;
        }

        if (next > end)
        {
            Now = end;
            return false;
        }

        MoveTo(next);
        if (due is null)
        {
            _queue.Dequeue()();
        }
        else
        {
            due.HandleTimeout(Now);
            Drain(due);
        }

        return true;
    }

    private void MoveTo(Instant next)
    {
        _stepsAtThisTime = next > Now ? 0 : _stepsAtThisTime + 1;
        Assert.True(_stepsAtThisTime < MaxStepsWithoutTime, $"seed {Seed}: time stands still at {Now}");
        Now = Instant.Max(Now, next);
    }

    private void Arrive(TransportAddress from, TransportAddress to, byte[] bytes)
    {
        foreach (VirtualNat nat in _nats)
        {
            if (nat.PublicIp == to.Ip && !nat.TryInbound(from, to, out to))
            {
                Unroutable++;
                return;
            }
        }

        if (!_ports.TryGetValue(to, out Port port))
        {
            Unroutable++;
            return;
        }

        TransportAddress local = to;
        Cross(port.Down, to.Protocol, bytes.Length, () => Deliver(from, local, bytes));
    }

    private void Deliver(TransportAddress from, TransportAddress to, byte[] bytes)
    {
        if (!_ports.TryGetValue(to, out Port port))
        {
            Unroutable++;
            return;
        }

        Delivered++;
        port.Endpoint.Receive(Now, to, from, bytes);
        Drain(port.Endpoint);
    }

    private void Cross(Link link, TransportProtocol protocol, int bytes, Action then)
    {
        if (protocol == TransportProtocol.Tcp)
        {
            // Reliable and in order: only the delay shows.
            Schedule(Now + link.Profile.Delay, then);
            return;
        }

        if (_random.NextDouble() < link.Profile.Loss || !link.TryQueue(Now, bytes, out Instant departs))
        {
            Lost++;
            return;
        }

        Schedule(departs + Spread(link.Profile), then);
        if (_random.NextDouble() < link.Profile.Duplication)
        {
            Schedule(departs + Spread(link.Profile), then);
        }
    }

    private TimeSpan Spread(LinkProfile profile)
    {
        TimeSpan delay = profile.Delay + (profile.Jitter * _random.NextDouble());
        return _random.NextDouble() < profile.Reorder ? delay + profile.ReorderDelay : delay;
    }

    private readonly record struct Port(IVirtualEndpoint Endpoint, VirtualNat? Nat, Link Up, Link Down);

    private sealed class Link(LinkProfile profile)
    {
        private Instant _freeAt;

        public LinkProfile Profile { get; } = profile;

        public bool TryQueue(Instant now, int bytes, out Instant departs)
        {
            departs = now;
            if (Profile.Rate == Bitrate.Zero)
            {
                return true;
            }

            Instant start = Instant.Max(now, _freeAt);
            departs = start + TimeSpan.FromSeconds(bytes * 8.0 / Profile.Rate.BitsPerSecond);
            bool room = departs - now <= Profile.MaxQueue;
            _freeAt = room ? departs : _freeAt;
            return room;
        }
    }
}
