using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// Room for the datagrams of one receive call, allocated once. Its memory never moves, so the kernel writes straight into it,
/// and the owner may decrypt in place.
/// </summary>
/// <remarks>Owned by the thread that calls <see cref="UdpSocket.Receive"/>. Contents are valid until the next call.</remarks>
public sealed unsafe class DatagramBatch
{
    private readonly byte[] _buffer;
    private readonly byte* _start;
    private readonly Entry[] _entries;

    /// <param name="capacity">Datagrams per call, 1 to <see cref="UdpSocket.MaxBatch"/>.</param>
    /// <param name="maxDatagramBytes">The longest datagram that is kept; a longer one is dropped and counted. 2048 is above every MTU that WebRTC uses.</param>
    public DatagramBatch(int capacity = 64, int maxDatagramBytes = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, UdpSocket.MaxBatch);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDatagramBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDatagramBytes, ushort.MaxValue);
        Capacity = capacity;
        MaxDatagramBytes = maxDatagramBytes;
        _buffer = GC.AllocateUninitializedArray<byte>(capacity * maxDatagramBytes, pinned: true);
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        _entries = new Entry[capacity];
    }

    /// <summary>The most datagrams one call brings.</summary>
    public int Capacity { get; }

    /// <summary>The longest datagram that is kept, in bytes.</summary>
    public int MaxDatagramBytes { get; }

    /// <summary>Datagrams that the last receive brought.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of datagram <paramref name="index"/>; the owner may change them.</summary>
    public Span<byte> Datagram(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        ref readonly Entry entry = ref _entries[index];
        return _buffer.AsSpan(entry.Slot * MaxDatagramBytes, entry.Length);
    }

    /// <summary>Where datagram <paramref name="index"/> came from.</summary>
    public TransportAddress Source(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return _entries[index].Source;
    }

    /// <summary>
    /// The address of ours that datagram <paramref name="index"/> was sent to. A socket on every interface names it where the system
    /// tells (<see cref="NetworkCapabilities.LocalAddresses"/>), otherwise this is the unspecified <see cref="UdpSocket.LocalAddress"/>.
    /// </summary>
    public TransportAddress Local(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return _entries[index].Local;
    }

    internal byte* SlotPointer(int slot) => _start + ((nint)slot * MaxDatagramBytes);

    internal Span<byte> SlotSpan(int slot) => _buffer.AsSpan(slot * MaxDatagramBytes, MaxDatagramBytes);

    internal void Clear() => Count = 0;

    internal void Add(int slot, int length, in TransportAddress source, in TransportAddress local) =>
        _entries[Count++] = new Entry { Slot = slot, Length = length, Source = source, Local = local };

    private struct Entry
    {
        public int Slot;
        public int Length;
        public TransportAddress Source;
        public TransportAddress Local;
    }
}
