using System.Numerics;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Fec;

/// <summary>The last packets of a stream by sequence number, each whole, and which of them were recovered and not yet handed on.</summary>
/// <remarks>One owner: the decoder.</remarks>
internal sealed class FecPacketWindow
{
    private readonly PacketBlockPool _pool;
    private readonly Entry[] _ring;
    private readonly int _mask;

    private bool _started;
    private SequenceNumber _newest;
    private int _newCount;

    public FecPacketWindow(PacketBlockPool pool, int maxPackets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPackets, FecMask.MaxPackets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPackets, 1 << 14);
        _pool = pool;
        _ring = new Entry[BitOperations.RoundUpToPowerOf2((uint)maxPackets)];
        _mask = _ring.Length - 1;
    }

    /// <summary>True when all of a stretch is, or may come to be, in the window.</summary>
    public bool MayHold(SequenceNumber first, int span) =>
        !_started || (SequenceNumber.Distance(_newest, first) > -_ring.Length && SequenceNumber.Distance(_newest, first + span) <= _ring.Length);

    public bool Has(SequenceNumber sequence)
    {
        Entry entry = _ring[sequence.Value & _mask];
        return entry.BlockPlusOne != 0 && entry.Sequence == sequence;
    }

    /// <summary>A packet that is there.</summary>
    public ReadOnlySpan<byte> Get(SequenceNumber sequence)
    {
        Entry entry = _ring[sequence.Value & _mask];
        return _pool.Get(entry.BlockPlusOne - 1)[..entry.Length];
    }

    /// <summary>Keeps a packet; false for one that is there, too old or too long, or when no block is free.</summary>
    public bool TryAdd(SequenceNumber sequence, ReadOnlySpan<byte> packet, bool isNew, out Span<byte> stored)
    {
        stored = default;
        int ahead = _started ? SequenceNumber.Distance(_newest, sequence) : 1;
        if (packet.Length > PacketBlockPool.BlockLength || ahead <= -_ring.Length || Has(sequence))
        {
            return false;
        }

        ref Entry entry = ref _ring[sequence.Value & _mask];
        int block = entry.BlockPlusOne - 1;
        if (block < 0 && !_pool.TryRent(out block))
        {
            return false;
        }

        _newCount += (isNew ? 1 : 0) - (entry.IsNew ? 1 : 0);
        entry = new Entry(sequence, block + 1, packet.Length, isNew);
        stored = _pool.Get(block)[..packet.Length];
        packet.CopyTo(stored);
        if (ahead > 0)
        {
            _newest = sequence;
            _started = true;
        }

        return true;
    }

    /// <summary>Hands on the oldest recovered packet that has not been.</summary>
    public bool TryTakeNew(Span<byte> into, out int length)
    {
        length = 0;
        for (int back = _ring.Length - 1; back >= 0 && _newCount > 0; back--)
        {
            ref Entry entry = ref _ring[(_newest - back).Value & _mask];
            if (!entry.IsNew)
            {
                continue;
            }

            entry = entry with { IsNew = false };
            _newCount--;
            if (entry.Length <= into.Length)
            {
                length = entry.Length;
                _pool.Get(entry.BlockPlusOne - 1)[..length].CopyTo(into);
                return true;
            }
        }

        return false;
    }

    public void Clear()
    {
        foreach (ref Entry entry in _ring.AsSpan())
        {
            if (entry.BlockPlusOne != 0)
            {
                _pool.Return(entry.BlockPlusOne - 1);
            }

            entry = default;
        }

        _started = false;
        _newCount = 0;
    }

    private readonly record struct Entry(SequenceNumber Sequence, int BlockPlusOne, int Length, bool IsNew);
}
