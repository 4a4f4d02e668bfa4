using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>
/// One direction of a network: packets go in, and come out later, fewer, or in another order, as its <see cref="LinkPlan"/> says.
/// Sans-IO: time is an argument, and the same calls with the same seed give the same packets at the same ticks.
/// </summary>
/// <remarks>One owner thread. Time never goes back from call to call.</remarks>
/// <typeparam name="T">What a packet is to its owner; the link only carries it. One that is doubled comes out twice as the same value.</typeparam>
public sealed class VirtualLink<T>
{
    private readonly Queue<Waiting> _queue = new();
    private readonly PriorityQueue<(T Packet, int Bytes), (long At, long Order)> _underWay = new();
    private readonly Instant _origin;

    private LinkPlan _plan;
    private ConstantFlow[] _constant = [];
    private TcpFlow[] _tcp = [];
    private LinkRandom _random;
    private CoDelState _coDel;
    private Waiting _leaving;
    private Instant _leavesAt = Instant.Never;
    private Instant _now;
    private Instant _lastDelivery;
    private Bitrate _lastRate;
    private long _order;
    private bool _isBad;

    /// <summary>An idle link whose plan begins now.</summary>
    public VirtualLink(LinkPlan plan, Instant origin)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _origin = origin;
        _now = origin;
        _random = new LinkRandom(plan.Seed);
        Begin();
    }

    /// <summary>What it does.</summary>
    public LinkPlan Plan => _plan;

    /// <summary>What it did.</summary>
    public LinkStatistics Statistics { get; } = new();

    /// <summary>Bytes that wait before the bottleneck, cross traffic included.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>
    /// When to call <see cref="TryDequeue"/> next: nothing comes out earlier. It may be early when a packet of others is before ours.
    /// </summary>
    public Instant NextDelivery
    {
        get
        {
            Instant first = _underWay.TryPeek(out _, out (long At, long Order) key) ? new Instant(key.At) : Instant.Never;
            return Instant.Min(first, _leaving.IsCross ? _leavesAt : _leavesAt + _plan.Delay);
        }
    }

    /// <summary>Goes on with another plan. What is under way keeps its time; times in the plan still count from the link's beginning.</summary>
    public void Change(Instant now, LinkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Advance(now);
        bool sameTraffic = ReferenceEquals(plan.Constant, _plan.Constant) && ReferenceEquals(plan.Tcp, _plan.Tcp);
        _plan = plan;
        if (!sameTraffic)
        {
            Begin();
        }

        // The packet at the head begins again at the new rate: a step of at most one packet, and never a link that stands still.
        if (!_leavesAt.IsNever || _leaving.IsPresent)
        {
            _leavesAt = FinishOf(now, _leaving.Bytes);
        }
    }

    /// <summary>Gives it a packet; false when the queue is full and the packet is gone.</summary>
    /// <param name="now">The present.</param>
    /// <param name="bytes">Its size on the wire, headers of UDP and IP included.</param>
    /// <param name="packet">What comes out at the other end.</param>
    public bool TryEnqueue(Instant now, int bytes, T packet)
    {
        Advance(now);
        Statistics.Offered++;
        Statistics.OfferedBytes += bytes;
        return TryWait(now, new Waiting(packet, bytes, now, null, IsCross: false, IsPresent: true));
    }

    /// <summary>Takes a packet that has arrived; false when none has.</summary>
    public bool TryDequeue(Instant now, out T packet)
    {
        Advance(now);
        if (_underWay.TryPeek(out (T Packet, int Bytes) first, out (long At, long Order) key) && key.At <= now.Ticks)
        {
            _underWay.Dequeue();
            Statistics.Delivered++;
            Statistics.DeliveredBytes += first.Bytes;
            packet = first.Packet;
            return true;
        }

        packet = default!;
        return false;
    }

    /// <summary>The rate of a moment; null without a bottleneck.</summary>
    public Bitrate? RateAt(Instant now) => _plan.Rate?.At(now - _origin);

    private void Begin()
    {
        _constant = [.. _plan.Constant.Select(plan => new ConstantFlow(plan, _origin))];
        _tcp = [.. _plan.Tcp.Select(plan => new TcpFlow(plan, _origin, _plan.Delay))];
    }

    // All that happened inside since the last call, in the order of time: others' packets come, the head leaves.
    private void Advance(Instant now)
    {
        while (true)
        {
            Instant next = _leavesAt;
            ConstantFlow? constant = null;
            TcpFlow? tcp = null;
            foreach (ConstantFlow flow in _constant)
            {
                (next, constant) = flow.NextEvent < next ? (flow.NextEvent, flow) : (next, constant);
            }

            foreach (TcpFlow flow in _tcp)
            {
                (next, tcp) = flow.NextEvent < next ? (flow.NextEvent, flow) : (next, tcp);
            }

            if (next.IsNever || next > now)
            {
                break;
            }

            _now = Instant.Max(_now, next);
            Step(constant, tcp);
        }

        _now = Instant.Max(_now, now);
    }

    private void Step(ConstantFlow? constant, TcpFlow? tcp)
    {
        if (tcp is not null)
        {
            for (int sends = tcp.Handle(_now); sends > 0; sends--)
            {
                SendCross(tcp.PacketBytes, tcp);
            }
        }
        else if (constant is not null)
        {
            constant.Take();
            SendCross(constant.PacketBytes, null);
        }
        else
        {
            Leave();
        }
    }

    private void SendCross(int bytes, TcpFlow? flow)
    {
        if (!TryWait(_now, new Waiting(default!, bytes, _now, flow, IsCross: true, IsPresent: true)))
        {
            flow?.Note(_now, arrived: false);
        }
    }

    private bool TryWait(Instant now, in Waiting packet)
    {
        if (_plan.Rate is null)
        {
            Pass(now, packet);
            return true;
        }

        if (IsFull(now, packet.Bytes))
        {
            Drop(packet, LinkDropReason.QueueFull);
            return false;
        }

        QueuedBytes += packet.Bytes;
        _queue.Enqueue(packet);
        if (!_leaving.IsPresent)
        {
            LeaveNext(now);
        }

        return true;
    }

    private bool IsFull(Instant now, int bytes)
    {
        QueuePlan queue = _plan.Queue;
        Bitrate rate = _plan.Rate!.At(now - _origin);
        _lastRate = rate.BitsPerSecond > 0 ? rate : _lastRate;
        long after = QueuedBytes + bytes;
        bool tooLate = queue.Time is { } time && after > 3000 && (Int128)after * 8 * TimeSpan.TicksPerSecond > (Int128)_lastRate.BitsPerSecond * time.Ticks;
        return tooLate || _queue.Count >= queue.Packets || (queue.Bytes is { } limit && after > limit);
    }

    // Takes the head of the queue to the bottleneck, which it leaves as long after as its bits take.
    private void LeaveNext(Instant now)
    {
        _leaving = default;
        _leavesAt = Instant.Never;
        while (_queue.TryDequeue(out Waiting head))
        {
            if (_plan.Queue.CoDel && _coDel.ShouldDrop(now, now - head.Since, QueuedBytes))
            {
                QueuedBytes -= head.Bytes;
                Drop(head, LinkDropReason.CoDel);
                head.Flow?.Note(now, arrived: false);
                continue;
            }

            if (!head.IsCross)
            {
                Statistics.QueueDelay.Add(now - head.Since);
            }

            _leaving = head;
            _leavesAt = FinishOf(now, head.Bytes);
            return;
        }
    }

    private Instant FinishOf(Instant now, int bytes) => _plan.Rate is { } rate ? rate.Finish(_origin, now, bytes) : now;

    private void Leave()
    {
        Waiting packet = _leaving;
        QueuedBytes -= packet.Bytes;
        Pass(_now, packet);
        LeaveNext(_now);
    }

    // Behind the bottleneck.
    private void Pass(Instant at, in Waiting packet)
    {
        LinkDropReason? lost = DrawLoss();
        if (packet.IsCross)
        {
            Statistics.CrossBytes += packet.Bytes;
            packet.Flow?.Note(at, arrived: lost is null);
            return;
        }

        Statistics.PassedBytes += packet.Bytes;
        if (lost is { } reason)
        {
            Statistics.Drop(reason);
            return;
        }

        if (_underWay.Count >= _plan.MaxUnderWay)
        {
            Statistics.Drop(LinkDropReason.TooManyUnderWay);
            return;
        }

        Deliver(at, packet);
    }

    private void Deliver(Instant at, in Waiting packet)
    {
        Instant arrival = at + _plan.Delay + new TimeSpan(_random.Below(_plan.Jitter.Ticks + 1));
        if (_random.Hits(_plan.Reorder))
        {
            Statistics.Reordered++;
            arrival += _plan.ReorderBy;
        }
        else if (!_plan.JitterReorders)
        {
            arrival = Instant.Max(arrival, _lastDelivery);
            _lastDelivery = arrival;
        }

        _underWay.Enqueue((packet.Packet, packet.Bytes), (arrival.Ticks, _order++));
        if (_random.Hits(_plan.Duplicate))
        {
            Statistics.Duplicated++;
            _underWay.Enqueue((packet.Packet, packet.Bytes), (arrival.Ticks, _order++));
        }
    }

    private LinkDropReason? DrawLoss()
    {
        if (_plan.Burst is { } burst)
        {
            _isBad = _random.Hits(_isBad ? burst.Leave : burst.Enter) ? !_isBad : _isBad;
            if (_random.Hits(_isBad ? burst.LossWhenBad : burst.LossWhenGood))
            {
                return LinkDropReason.Burst;
            }
        }

        return _random.Hits(_plan.Loss) ? LinkDropReason.Random : null;
    }

    private void Drop(in Waiting packet, LinkDropReason reason)
    {
        if (!packet.IsCross)
        {
            Statistics.Drop(reason);
        }
    }

    private readonly record struct Waiting(T Packet, int Bytes, Instant Since, TcpFlow? Flow, bool IsCross, bool IsPresent);
}
