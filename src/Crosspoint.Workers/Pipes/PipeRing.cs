using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Crosspoint.Workers.Pipes;

/// <summary>What a record of a <see cref="PipeRing"/> holds.</summary>
internal enum PipeRecord : byte
{
    /// <summary>Nothing: the writer began anew at the front, because the rest was too short.</summary>
    Skip = 0,

    /// <summary>A plain RTP packet.</summary>
    Rtp,

    /// <summary>A plain RTCP datagram.</summary>
    Rtcp,
}

/// <summary>
/// Packets from one worker to another, one after the other in memory that never moves. One copy in, none out: the reader uses them where
/// they lie until it releases them at the end of its turn. No lock, no allocation; a full ring refuses.
/// </summary>
/// <remarks>
/// <code>
/// 0         4      8                                  a multiple of 8
/// | length  | kind | bytes of the packet … | padding |
/// </code>
/// One writer thread, one reader thread. Positions only grow; the place in memory is the position modulo the capacity.
/// Each side keeps the position it works on to itself and shows it by a release store once a turn; the other takes it by an acquire load.
/// </remarks>
internal sealed class PipeRing
{
    private const int HeaderBytes = 8;

    // Made by me.
    private readonly byte[] _memory;
    private readonly int _mask;

    // State: shared.
    private Position _published;
    private Position _released;

    // State: the writer's.
    private Position _head;
    private long _releasedAsKnown;

    // State: the reader's.
    private Position _tail;
    private long _publishedAsKnown;

    /// <summary>An empty ring; the capacity is rounded up to a power of two, 4 KiB at least. No record may take more than half of it.</summary>
    public PipeRing(int capacity)
    {
        int bytes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 4096));
        _memory = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        _mask = bytes - 1;
    }

    /// <summary>Bytes it can hold, its own included.</summary>
    public int Capacity => _memory.Length;

    /// <summary>Appends a packet given in three parts; false when there is no room. The reader sees it after <see cref="Publish"/>. Writer only.</summary>
    public bool TryWrite(PipeRecord kind, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        int length = first.Length + second.Length + third.Length;
        int needed = HeaderBytes + ((length + 7) & ~7);
        int at = (int)_head.Value & _mask;
        int untilEnd = _memory.Length - at;
        int skipped = needed > untilEnd ? untilEnd : 0;
        if (needed > _memory.Length / 2 || !HasRoom(skipped + needed))
        {
            return false;
        }

        if (skipped > 0)
        {
            WriteHeader(at, PipeRecord.Skip, skipped - HeaderBytes);
            at = 0;
        }

        WriteHeader(at, kind, length);
        Span<byte> into = _memory.AsSpan(at + HeaderBytes, length);
        first.CopyTo(into);
        second.CopyTo(into[first.Length..]);
        third.CopyTo(into[(first.Length + second.Length)..]);
        _head.Value += skipped + needed;
        return true;
    }

    /// <summary>Shows the reader what was written. Writer only.</summary>
    public void Publish() => Volatile.Write(ref _published.Value, _head.Value);

    /// <summary>The next packet, where it lies; valid until <see cref="Release"/>. Reader only.</summary>
    public bool TryRead(out PipeRecord kind, out ReadOnlySpan<byte> packet)
    {
        while (_tail.Value != _publishedAsKnown || LookForMore())
        {
            int at = (int)_tail.Value & _mask;
            int length = BinaryPrimitives.ReadInt32LittleEndian(_memory.AsSpan(at));
            kind = (PipeRecord)_memory[at + 4];
            _tail.Value += HeaderBytes + ((length + 7) & ~7);
            if (kind != PipeRecord.Skip)
            {
                packet = _memory.AsSpan(at + HeaderBytes, length);
                return true;
            }
        }

        kind = PipeRecord.Skip;
        packet = default;
        return false;
    }

    /// <summary>Gives the room of all that was read back to the writer. Reader only.</summary>
    public void Release() => Volatile.Write(ref _released.Value, _tail.Value);

    private bool HasRoom(int bytes)
    {
        if (_memory.Length - (_head.Value - _releasedAsKnown) >= bytes)
        {
            return true;
        }

        _releasedAsKnown = Volatile.Read(ref _released.Value);
        return _memory.Length - (_head.Value - _releasedAsKnown) >= bytes;
    }

    private bool LookForMore()
    {
        _publishedAsKnown = Volatile.Read(ref _published.Value);
        return _tail.Value != _publishedAsKnown;
    }

    private void WriteHeader(int at, PipeRecord kind, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_memory.AsSpan(at), length);
        _memory[at + 4] = (byte)kind;
    }

    // Alone on its cache lines, so that the two threads do not take them from each other.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Position
    {
        [FieldOffset(64)]
        public long Value;
    }
}
