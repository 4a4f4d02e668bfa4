using System.Numerics;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Workers.SharedPort;

/// <summary>
/// Datagrams that other workers received and that are this worker's. A ring of slots, each with room for one datagram that never moves;
/// a slot says by its turn whether it is free, full or being filled, so that writers meet only where they take a number.
/// </summary>
/// <remarks>Many writers, one reader, no lock. Allocated once: 2 KiB for each slot, touched when it is used.</remarks>
internal sealed class HandoverQueue
{
    /// <summary>The longest datagram it takes; receive batches keep no longer one.</summary>
    public const int MaxDatagramBytes = 2048;

    private readonly Slot[] _slots;
    private readonly byte[] _bytes;
    private readonly int _mask;
    private PaddedLong _tail;
    private PaddedLong _head;
    private long _taken;

    /// <param name="capacity">Datagrams; rounded up to a power of two.</param>
    public HandoverQueue(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, capacity));
        _mask = size - 1;
        _bytes = GC.AllocateUninitializedArray<byte>(size * MaxDatagramBytes, pinned: true);
        _slots = new Slot[size];
        for (int i = 0; i < size; i++)
        {
            _slots[i].Turn = i;
        }
    }

    /// <summary>True when something can be taken. The reader only.</summary>
    public bool HasWork => Volatile.Read(ref _slots[_taken & _mask].Turn) == _taken + 1;

    /// <summary>Copies a datagram in; false when it is full. Any thread.</summary>
    public bool TryAdd(in TransportAddress local, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > MaxDatagramBytes)
        {
            return false;
        }

        long number = Volatile.Read(ref _tail.Value);
        while (true)
        {
            ref Slot slot = ref _slots[number & _mask];
            long ahead = Volatile.Read(ref slot.Turn) - number;
            if (ahead < 0)
            {
                return false;
            }

            long before = ahead > 0 ? Volatile.Read(ref _tail.Value) : Interlocked.CompareExchange(ref _tail.Value, number + 1, number);
            if (ahead == 0 && before == number)
            {
                Fill(ref slot, (int)(number & _mask), local, source, datagram);
                Volatile.Write(ref slot.Turn, number + 1);
                return true;
            }

            number = before;
        }
    }

    /// <summary>The next datagram, in order of arrival; its memory stays until <see cref="Release"/>. The reader only.</summary>
    public bool TryTake(out TransportAddress local, out TransportAddress source, out Span<byte> datagram)
    {
        if (!HasWork)
        {
            (local, source) = (default, default);
            datagram = default;
            return false;
        }

        int index = (int)(_taken++ & _mask);
        ref readonly Slot slot = ref _slots[index];
        (local, source) = (slot.Local, slot.Source);
        datagram = _bytes.AsSpan(index * MaxDatagramBytes, slot.Length);
        return true;
    }

    /// <summary>What was taken is used up; its slots are free. The reader only.</summary>
    public void Release()
    {
        for (; _head.Value < _taken; _head.Value++)
        {
            Volatile.Write(ref _slots[_head.Value & _mask].Turn, _head.Value + _slots.Length);
        }
    }

    private void Fill(ref Slot slot, int index, in TransportAddress local, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        slot.Local = local;
        slot.Source = source;
        slot.Length = datagram.Length;
        datagram.CopyTo(_bytes.AsSpan(index * MaxDatagramBytes));
    }

    // Turn = number: free for the writer with that number. Turn = number + 1: full. Turn = number + size: free for the next round.
    private struct Slot
    {
        public long Turn;
        public int Length;
        public TransportAddress Local;
        public TransportAddress Source;
    }

    // Writers and the reader each have a line of the cache of their own, and its neighbour, which comes with it.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedLong
    {
        [FieldOffset(128)]
        public long Value;
    }
}
