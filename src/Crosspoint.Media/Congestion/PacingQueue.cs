using System.Buffers.Binary;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Congestion;

/// <summary>Packets of one transport that wait for their turn, in order, each in a block of the worker's pool.</summary>
/// <remarks>One owner: the router's thread. The ring grows by doubling to what the bound in bytes lets wait.</remarks>
internal sealed class PacingQueue(PacketBlockPool pool)
{
    private const int NoBlock = -1;

    private Entry[] _ring = [];
    private int _first;
    private int _count;

    /// <summary>Bytes that wait, before protection.</summary>
    public int Bytes { get; private set; }

    public bool IsEmpty => _count == 0;

    /// <summary>The next to leave.</summary>
    public ref readonly Entry Head => ref _ring[_first];

    /// <summary>Copies a packet; false when there is no block for it.</summary>
    public bool TryAdd(Instant now, in OutgoingRtp packet)
    {
        if (packet.Length > PacketBlockPool.BlockLength || !pool.TryRent(out int block))
        {
            return false;
        }

        Span<byte> bytes = pool.Get(block);
        packet.Header.CopyTo(bytes);
        packet.Prefix.CopyTo(bytes[packet.Header.Length..]);
        packet.Payload.CopyTo(bytes[(packet.Header.Length + packet.Prefix.Length)..]);
        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + _count++) & (_ring.Length - 1)] = new Entry(now, packet, block);
        Bytes += packet.Length;
        return true;
    }

    /// <summary>The bytes of a packet that waits.</summary>
    public Span<byte> GetBytes(in Entry entry) => pool.Get(entry.Block)[..entry.Length];

    /// <summary>The head has left, or will not.</summary>
    public void RemoveHead()
    {
        ref Entry entry = ref _ring[_first];
        Release(ref entry);
        entry = default;
        _first = (_first + 1) & (_ring.Length - 1);
        _count--;
        SkipRemoved();
    }

    /// <summary>Since when the oldest packet of one consumer waits; null when none does.</summary>
    public Instant? OldestOf(Consumer consumer)
    {
        for (int i = 0; i < _count; i++)
        {
            ref readonly Entry entry = ref _ring[(_first + i) & (_ring.Length - 1)];
            if (entry.Consumer == consumer && entry.Block != NoBlock)
            {
                return entry.QueuedAt;
            }
        }

        return null;
    }

    /// <summary>What waits of the picture that one consumer's first packet here is of; false when none waits, or not to the picture's end.</summary>
    /// <param name="consumer">Whose.</param>
    /// <param name="first">That packet.</param>
    /// <param name="picture">The picture's timestamp.</param>
    /// <param name="bytes">Its bytes that wait.</param>
    public bool TryFindFirstPicture(Consumer consumer, out SequenceNumber first, out RtpTimestamp picture, out int bytes)
    {
        (first, picture, bytes) = (default, default, 0);
        for (int i = 0; i < _count; i++)
        {
            ref readonly Entry entry = ref _ring[(_first + i) & (_ring.Length - 1)];
            if (entry.Consumer != consumer || entry.Block == NoBlock)
            {
                continue;
            }

            Span<byte> header = pool.Get(entry.Block);
            if (bytes == 0)
            {
                (first, picture) = (new(BinaryPrimitives.ReadUInt16BigEndian(header[2..])), TimestampOf(entry));
            }
            else if (TimestampOf(entry) != picture)
            {
                return false;
            }

            bytes += entry.Length;
            if ((header[1] & 0x80) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out all of one consumer; says how many.</summary>
    /// <param name="consumer">Whose.</param>
    /// <param name="kept">A picture that is to be sent to its end; null for none.</param>
    /// <param name="since">From when on that waits.</param>
    public int Remove(Consumer consumer, RtpTimestamp? kept = null, Instant since = default)
    {
        int removed = 0;
        for (int i = 0; i < _count; i++)
        {
            ref Entry entry = ref _ring[(_first + i) & (_ring.Length - 1)];
            if (entry.Consumer != consumer || entry.Block == NoBlock)
            {
                continue;
            }

            if (kept is { } picture && TimestampOf(entry) == picture)
            {
                entry.QueuedAt = since;
                continue;
            }

            Release(ref entry);
            removed++;
        }

        SkipRemoved();
        return removed;
    }

    /// <summary>Gives all blocks back.</summary>
    public void Clear()
    {
        while (_count > 0)
        {
            RemoveHead();
        }
    }

    private RtpTimestamp TimestampOf(in Entry entry) => new(BinaryPrimitives.ReadUInt32BigEndian(pool.Get(entry.Block)[4..]));

    private void Release(ref Entry entry)
    {
        if (entry.Block != NoBlock)
        {
            pool.Return(entry.Block);
            Bytes -= entry.Length;
            entry.Block = NoBlock;
        }
    }

    private void SkipRemoved()
    {
        while (_count > 0 && _ring[_first].Block == NoBlock)
        {
            _ring[_first] = default;
            _first = (_first + 1) & (_ring.Length - 1);
            _count--;
        }
    }

    private void Grow()
    {
        Entry[] larger = new Entry[Math.Max(16, _ring.Length * 2)];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_first + i) & (_ring.Length - 1)];
        }

        (_ring, _first) = (larger, 0);
    }

    /// <summary>One packet that waits.</summary>
    internal struct Entry(Instant now, in OutgoingRtp packet, int block)
    {
        public readonly Consumer Consumer = packet.Consumer;
        public Instant QueuedAt = now;
        public readonly ushort HeaderLength = (ushort)packet.Header.Length;
        public readonly ushort Length = (ushort)packet.Length;
        public readonly ushort NumberOffset = (ushort)packet.NumberOffset;
        public readonly ushort SendTimeOffset = (ushort)packet.SendTimeOffset;
        public readonly SentKind Kind = packet.Kind;
        public readonly PayloadTraits Traits = packet.Traits & ~PayloadTraits.Stays;
        public int Block = block;
    }
}
