using Crosspoint.Primitives;

namespace Crosspoint.Workers.Fairness;

/// <summary>
/// Media that came when its router had used up its share of a turn. It is read from the kernel all the same, because there everybody waits behind it;
/// here each router waits behind itself alone. Routers are served in turn, each as many packets as the others (deficit round robin, counted in packets sent),
/// audio and RTCP before the rest; what has waited too long is dropped, oldest first. Order is kept within each of the two.
/// </summary>
/// <remarks>
/// Owned by one worker thread. Allocated once: 2 KiB for each packet, touched when it is used; without overload nothing comes here.
/// </remarks>
internal sealed class MediaBacklog
{
    // The longest datagram that receive batches keep.
    private const int SlotBytes = 2048;

    // Enough that a router's packets share kernel messages, little enough that a round of a few routers is a few milliseconds.
    private const int CreditPerRound = 512;

    // Given to me.
    private readonly WorkerMeters _meters;
    private readonly TimeSpan _longestWait;

    // Made by me.
    private readonly Slot[] _slots;
    private readonly byte[] _bytes;
    private readonly Queue<RouterShare> _round = new();

    // State.
    private SlotChain _free = SlotChain.Empty;
    private SlotChain _taken = SlotChain.Empty;

    /// <param name="capacity">Packets of all routers together.</param>
    /// <param name="longestWait">What waited longer is dropped.</param>
    /// <param name="meters">Where it counts.</param>
    public MediaBacklog(int capacity, TimeSpan longestWait, WorkerMeters meters)
    {
        _meters = meters;
        _longestWait = longestWait;
        _slots = new Slot[capacity];
        _bytes = GC.AllocateUninitializedArray<byte>(capacity * SlotBytes, pinned: true);
        for (int index = 0; index < capacity; index++)
        {
            Append(ref _free, index);
        }
    }

    /// <summary>True when something waits.</summary>
    public bool HasWork => _round.Count > 0;

    /// <summary>Keeps a copy of a datagram until its router is served.</summary>
    public void Add(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram, bool isUrgent)
    {
        if (datagram.Bytes.Length > SlotBytes || !TryTakeFree(out int index))
        {
            _meters.Counters.Drops.Add(WorkerDropReason.Overloaded);
            return;
        }

        datagram.Bytes.CopyTo(_bytes.AsSpan(index * SlotBytes));
        _slots[index] = new Slot { Transport = transport, Local = datagram.Local, Source = datagram.Source, Length = datagram.Bytes.Length, At = now };
        RouterShare router = transport.Share;
        Append(ref isUrgent ? ref router.Urgent : ref router.Bulk, index);
        _meters.Counters.PacketsDelayed++;
        if (!router.IsListed)
        {
            router.IsListed = true;
            router.Credit = 0;
            _round.Enqueue(router);
        }
    }

    /// <summary>The next packet; its memory stays until <see cref="Release"/>. <see cref="Charge"/> its router with what it causes.</summary>
    public bool TryTake(Instant now, out Waiting waiting)
    {
        while (_round.TryPeek(out RouterShare? router))
        {
            if (router.Credit <= 0)
            {
                // The next round: whoever took too much for its last packet pays it back first.
                _round.Enqueue(_round.Dequeue());
                router.Credit += CreditPerRound;
            }
            else if (TryTake(now, router, out waiting))
            {
                return true;
            }
            else
            {
                router.IsListed = false;
                _round.Dequeue();
            }
        }

        waiting = default;
        return false;
    }

    /// <summary>So many packets were received and sent for a router that waits here.</summary>
    public static void Charge(RouterShare router, int packets) => router.Credit -= packets;

    /// <summary>The turn is over and nothing points into what was taken any more.</summary>
    public void Release()
    {
        while (!_taken.IsEmpty)
        {
            Free(RemoveFirst(ref _taken));
        }
    }

    private bool TryTake(Instant now, RouterShare router, out Waiting waiting)
    {
        while (router.Waiting > 0)
        {
            int index = RemoveFirst(ref router.Urgent.IsEmpty ? ref router.Bulk : ref router.Urgent);
            ref readonly Slot slot = ref _slots[index];
            WorkerDropReason? reason = slot.Transport!.IsClosed ? WorkerDropReason.UnknownSource : now - slot.At > _longestWait ? WorkerDropReason.Overloaded : null;
            if (reason is null)
            {
                waiting = new Waiting(slot.Transport, slot.Local, slot.Source, _bytes.AsMemory(index * SlotBytes, slot.Length));
                Append(ref _taken, index);
                return true;
            }

            _meters.Counters.Drops.Add(reason.Value);
            Free(index);
        }

        waiting = default;
        return false;
    }

    // When all are in use the router with the most is furthest beyond its share: its oldest goes, audio last.
    private bool TryTakeFree(out int index)
    {
        if (_free.IsEmpty && Longest() is { } router)
        {
            Free(RemoveFirst(ref router.Bulk.IsEmpty ? ref router.Urgent : ref router.Bulk));
            _meters.Counters.Drops.Add(WorkerDropReason.Overloaded);
        }

        index = _free.IsEmpty ? -1 : RemoveFirst(ref _free);
        return index >= 0;
    }

    private RouterShare? Longest()
    {
        RouterShare? longest = null;
        foreach (RouterShare router in _round)
        {
            longest = router.Waiting > (longest?.Waiting ?? 0) ? router : longest;
        }

        return longest;
    }

    private void Free(int index)
    {
        _slots[index].Transport = null;
        Append(ref _free, index);
    }

    private void Append(ref SlotChain chain, int index)
    {
        _slots[index].Next = -1;
        if (!chain.IsEmpty)
        {
            _slots[chain.Last].Next = index;
        }

        chain = new SlotChain(chain.IsEmpty ? index : chain.First, index, chain.Count + 1);
    }

    private int RemoveFirst(ref SlotChain chain)
    {
        int index = chain.First;
        int next = _slots[index].Next;
        chain = next < 0 ? SlotChain.Empty : new SlotChain(next, chain.Last, chain.Count - 1);
        return index;
    }

    /// <summary>A packet whose turn it is.</summary>
    public readonly record struct Waiting(WebRtcTransport Transport, TransportAddress Local, TransportAddress Source, Memory<byte> Bytes)
    {
        /// <summary>As it came.</summary>
        public ReceivedDatagram Datagram => new(Local, Source, Bytes.Span);
    }

    private struct Slot
    {
        public WebRtcTransport? Transport;
        public TransportAddress Local;
        public TransportAddress Source;
        public Instant At;
        public int Length;
        public int Next;
    }
}
