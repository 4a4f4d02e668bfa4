using System.Numerics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Streams;

/// <summary>
/// The last packets of one stream, by sequence number, bounded in packets, bytes and age. Each is stored once, in a block of the worker's pool;
/// several receivers of a stream may share one buffer, each with its own <see cref="ResendThrottle"/>.
/// </summary>
/// <remarks>One owner: the thread of the pool. Dispose gives the blocks back.</remarks>
public sealed class RetransmissionBuffer : IDisposable
{
    private const int NoBlock = -1;

    private readonly PacketBlockPool _pool;
    private readonly RetransmissionBufferOptions _options;

    private readonly Entry[] _ring;
    private readonly int _mask;

    private SequenceUnwrapper _unwrapper;
    private long _newest = -1;
    private long _oldest;

    /// <summary>Begins empty.</summary>
    public RetransmissionBuffer(PacketBlockPool pool, RetransmissionBufferOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPackets, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxPackets, 1 << 15, nameof(options));
        _pool = pool;
        _options = options;
        Depth = options.MaxAge;
        _ring = new Entry[BitOperations.RoundUpToPowerOf2((uint)options.MaxPackets)];
        _mask = _ring.Length - 1;
        Array.Fill(_ring, Entry.Empty);
    }

    /// <summary>Packets kept.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes kept, headers included.</summary>
    public int ByteCount { get; private set; }

    /// <summary>How long a packet is kept now.</summary>
    public TimeSpan Depth { get; private set; }

    /// <summary>Keeps packets as long as somebody a round trip away may still ask for them, within the options.</summary>
    /// <param name="longestRoundTrip">Of all who may ask.</param>
    public void FollowRoundTrip(TimeSpan longestRoundTrip)
    {
        TimeSpan wanted = longestRoundTrip > _options.MaxAge ? _options.MaxAge : longestRoundTrip * _options.RoundTrips;
        TimeSpan least = _options.MinAge < _options.MaxAge ? _options.MinAge : _options.MaxAge;
        Depth = wanted < least ? least : wanted > _options.MaxAge ? _options.MaxAge : wanted;
    }

    /// <summary>Keeps a packet that has just been sent or received.</summary>
    public StoreVerdict Store(Instant now, SequenceNumber sequence, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (header.Length + RtxPacket.OriginalSequenceNumberLength + payload.Length > PacketBlockPool.BlockLength)
        {
            return StoreVerdict.TooLarge;
        }

        Trim(now);
        long number = _unwrapper.Unwrap(sequence);
        StoreVerdict place = MakePlace(number);
        if (place != StoreVerdict.Stored)
        {
            return place;
        }

        if (!_pool.TryRent(out int block))
        {
            return StoreVerdict.PoolExhausted;
        }

        Span<byte> bytes = _pool.Get(block);
        header.CopyTo(bytes);
        payload.CopyTo(bytes[(header.Length + RtxPacket.OriginalSequenceNumberLength)..]);
        _ring[number & _mask] = new Entry(now, block, (ushort)header.Length, (ushort)payload.Length);
        Count++;
        ByteCount += header.Length + payload.Length;
        Trim(now);
        return StoreVerdict.Stored;
    }

    /// <summary>Finds a packet; false when it never came, or is no longer kept.</summary>
    public bool TryGet(Instant now, SequenceNumber sequence, out StoredPacket packet)
    {
        packet = default;
        long number = _unwrapper.Peek(sequence);
        if (_newest < 0 || number < _oldest || number > _newest)
        {
            return false;
        }

        Entry entry = _ring[number & _mask];
        if (entry.Block == NoBlock || now - entry.StoredAt > Depth)
        {
            return false;
        }

        int length = entry.HeaderLength + RtxPacket.OriginalSequenceNumberLength + entry.PayloadLength;
        packet = new StoredPacket(_pool.Get(entry.Block)[..length], entry.HeaderLength);
        return true;
    }

    /// <summary>Drops what is too old, so that an idle stream holds no blocks. Call now and then.</summary>
    public void Trim(Instant now)
    {
        while (_oldest <= _newest && Count > 0)
        {
            Entry entry = _ring[_oldest & _mask];
            bool keep = entry.Block != NoBlock && ByteCount <= _options.MaxBytes && now - entry.StoredAt <= Depth;
            if (keep)
            {
                return;
            }

            Release(_oldest++);
        }
    }

    /// <summary>Drops everything, as when the stream begins anew.</summary>
    public void Clear()
    {
        for (; _oldest <= _newest; _oldest++)
        {
            Release(_oldest);
        }

        _unwrapper = default;
        _newest = -1;
        _oldest = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private StoreVerdict MakePlace(long number)
    {
        if (_newest < 0 || number - _newest >= _ring.Length)
        {
            // The first packet, or a jump over the whole ring.
            for (; _oldest <= _newest; _oldest++)
            {
                Release(_oldest);
            }

            _newest = number;
            _oldest = number;
            return StoreVerdict.Stored;
        }

        if (number <= _newest - _ring.Length)
        {
            return StoreVerdict.TooOld;
        }

        if (number <= _newest)
        {
            if (_ring[number & _mask].Block != NoBlock)
            {
                return StoreVerdict.Duplicate;
            }

            _oldest = Math.Min(_oldest, number);
            return StoreVerdict.Stored;
        }

        _newest = number;
        for (; _oldest <= number - _ring.Length; _oldest++)
        {
            Release(_oldest);
        }

        return StoreVerdict.Stored;
    }

    private void Release(long number)
    {
        ref Entry entry = ref _ring[number & _mask];
        if (entry.Block != NoBlock)
        {
            _pool.Return(entry.Block);
            Count--;
            ByteCount -= entry.HeaderLength + entry.PayloadLength;
            entry = Entry.Empty;
        }
    }

    private readonly record struct Entry(Instant StoredAt, int Block, ushort HeaderLength, ushort PayloadLength)
    {
        public static readonly Entry Empty = new(default, NoBlock, 0, 0);
    }
}
