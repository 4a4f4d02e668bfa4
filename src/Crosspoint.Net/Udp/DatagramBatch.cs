using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// Room for the datagrams of one receive call, allocated once. Its memory never moves, so the kernel writes straight into it,
/// and the owner may decrypt in place. A merging batch lets the kernel bring datagrams of one peer as one message (UDP_GRO);
/// the socket takes them apart, the owner sees datagrams either way.
/// </summary>
/// <remarks>Owned by the thread that calls <see cref="UdpSocket.Receive"/>. Contents are valid, and stay where they are, until the next call.</remarks>
public sealed unsafe class DatagramBatch
{
    /// <summary>The most datagrams taken out of one message: what the newest kernels merge (UDP_MAX_SEGMENTS), twice what the older do.</summary>
    public const int MaxSegments = 128;

    // Any merged message: the length of an IP packet ends there.
    private const int MergedMessageBytes = 65_536;

    // Slots that begin a power of two apart would share a few lines of the cache; so many lines more spread them.
    private const int CacheStagger = 17 * 64;

    private readonly int _stride;
    private readonly byte[] _buffer;
    private readonly byte* _start;
    private readonly Entry[] _entries;
    private readonly Origin[] _origins;

    /// <param name="capacity">Messages a call, 1 to <see cref="UdpSocket.MaxBatch"/>.</param>
    /// <param name="maxDatagramBytes">The longest datagram that is kept; a longer one is dropped and counted. 2048 is above every MTU that WebRTC uses.</param>
    /// <param name="merging">Slots of 64 KiB, for messages that the kernel merged; otherwise a message is one datagram.</param>
    public DatagramBatch(int capacity = 64, int maxDatagramBytes = 2048, bool merging = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, UdpSocket.MaxBatch);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDatagramBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDatagramBytes, ushort.MaxValue);
        Capacity = capacity;
        MaxDatagramBytes = maxDatagramBytes;
        IsMerging = merging;
        SlotBytes = merging ? MergedMessageBytes : maxDatagramBytes;
        _stride = merging ? MergedMessageBytes + CacheStagger : maxDatagramBytes;
        _buffer = GC.AllocateUninitializedArray<byte>(capacity * _stride, pinned: true);
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        _entries = new Entry[merging ? capacity * MaxSegments : capacity];
        _origins = new Origin[capacity];
    }

    /// <summary>
    /// A batch as <paramref name="socket"/> can use it: 32 merged messages (2 MiB, of which only what arrives is touched; at most 4,096 datagrams)
    /// where the kernel merges, otherwise 64 datagrams (128 KiB).
    /// </summary>
    public static DatagramBatch For(UdpSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return socket.Capabilities.ReceiveOffload ? new DatagramBatch(32, merging: true) : new DatagramBatch();
    }

    /// <summary>The most messages one call brings; each is one datagram, or up to <see cref="MaxSegments"/> in a merging batch.</summary>
    public int Capacity { get; }

    /// <summary>The longest datagram that is kept, in bytes.</summary>
    public int MaxDatagramBytes { get; }

    /// <summary>True when it has room for merged messages.</summary>
    public bool IsMerging { get; }

    /// <summary>Datagrams that the last receive brought.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of datagram <paramref name="index"/>; the owner may change them.</summary>
    public Span<byte> Datagram(int index)
    {
        ref readonly Entry entry = ref At(index);
        return _buffer.AsSpan(entry.Offset, entry.Length);
    }

    /// <summary>Where datagram <paramref name="index"/> came from.</summary>
    public TransportAddress Source(int index) => _origins[At(index).Slot].Source;

    /// <summary>
    /// The address of ours that datagram <paramref name="index"/> was sent to. A socket on every interface names it where the system
    /// tells (<see cref="NetworkCapabilities.LocalAddresses"/>), otherwise this is the unspecified <see cref="UdpSocket.LocalAddress"/>.
    /// </summary>
    public TransportAddress Local(int index) => _origins[At(index).Slot].Local;

    /// <summary>Room for one message, in bytes.</summary>
    internal int SlotBytes { get; }

    internal byte* SlotPointer(int slot) => _start + ((nint)slot * _stride);

    internal Span<byte> SlotSpan(int slot) => _buffer.AsSpan(slot * _stride, SlotBytes);

    internal void Clear() => Count = 0;

    /// <summary>
    /// Takes the message in <paramref name="slot"/> apart into datagrams of <paramref name="segmentBytes"/> each, the last one maybe shorter;
    /// a size that makes no sense means one datagram. Nothing outside the <paramref name="length"/> bytes is ever taken.
    /// </summary>
    internal MessageSplit Add(int slot, int length, int segmentBytes, in TransportAddress source, in TransportAddress local)
    {
        _origins[slot].Source = source;
        _origins[slot].Local = local;
        int segment = segmentBytes <= 0 || segmentBytes > length ? length : segmentBytes;
        int last = Count + (IsMerging ? MaxSegments : 1);
        MessageSplit split = default;
        int offset = 0;
        do
        {
            int bytes = Math.Min(segment, length - offset);
            if (bytes > MaxDatagramBytes)
            {
                split.TooLong++;
            }
            else if (Count == last)
            {
                split.TooMany = (length - offset + segment - 1) / segment;
                return split;
            }
            else
            {
                _entries[Count++] = new Entry { Slot = slot, Offset = (slot * _stride) + offset, Length = bytes };
                split.Datagrams++;
                split.Bytes += bytes;
            }

            offset += bytes;
        }
        while (offset < length);
        return split;
    }

    private ref readonly Entry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return ref _entries[index];
    }

    /// <summary>What became of one message: datagrams taken and their bytes, those that are too long, and those beyond the most of a message.</summary>
    internal struct MessageSplit
    {
        public int Datagrams;
        public int Bytes;
        public int TooLong;
        public int TooMany;
    }

    private struct Entry
    {
        public int Slot;
        public int Offset;
        public int Length;
    }

    private struct Origin
    {
        public TransportAddress Source;
        public TransportAddress Local;
    }
}
