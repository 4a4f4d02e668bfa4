using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// Datagrams gathered for one send call, allocated once. A packet is written (encrypted) straight into the reserved room;
/// datagrams lie one behind the other, as segmentation offload wants them.
/// <code>
/// Span&lt;byte&gt; room = batch.Reserve(1500);
/// if (room.IsEmpty) { socket.Send(batch); room = batch.Reserve(1500); }
/// batch.Commit(Protect(packet, room), destination);
/// </code>
/// </summary>
/// <remarks>Owned by the thread that calls <see cref="UdpSocket.Send"/>, which empties it.</remarks>
public sealed unsafe class SendBatch
{
    private readonly byte[] _buffer;
    private readonly byte* _start;
    private readonly Entry[] _entries;
    private int _used;
    private int _reserved;

    /// <param name="capacity">Datagrams, 1 to <see cref="UdpSocket.MaxBatch"/>.</param>
    /// <param name="capacityBytes">Bytes for all of them; 0 takes 1500 for each.</param>
    public SendBatch(int capacity = 64, int capacityBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, UdpSocket.MaxBatch);
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        _buffer = GC.AllocateUninitializedArray<byte>(capacityBytes == 0 ? capacity * 1500 : capacityBytes, pinned: true);
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        _entries = new Entry[capacity];
    }

    /// <summary>The most datagrams it holds.</summary>
    public int Capacity => _entries.Length;

    /// <summary>Datagrams committed.</summary>
    public int Count { get; private set; }

    /// <summary>True when nothing is committed.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>
    /// Room of exactly <paramref name="max"/> bytes for the next datagram; empty when the batch has to be sent first.
    /// A reservation that is not committed is simply taken back by the next one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the whole batch holds, or nothing.</exception>
    public Span<byte> Reserve(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, _buffer.Length);
        _reserved = 0;
        if (Count == _entries.Length || max > _buffer.Length - _used)
        {
            return default;
        }

        _reserved = max;
        return _buffer.AsSpan(_used, max);
    }

    /// <summary>Makes the first <paramref name="length"/> bytes of the reservation a datagram to <paramref name="to"/>; the system chooses the address it comes from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Longer than what was reserved, or nothing was.</exception>
    public void Commit(int length, in TransportAddress to) => Commit(length, to, TransportAddress.None);

    /// <summary>
    /// The same, coming from <paramref name="from"/>, an address of ours: an answer that comes from another one than was asked is refused
    /// by the peer (RFC 8445 §7.2.5.2.1). The unspecified address leaves the choice to the system, and so does a system that cannot be told.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Longer than what was reserved, or nothing was.</exception>
    public void Commit(int length, in TransportAddress to, in TransportAddress from)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _reserved);
        _entries[Count++] = new Entry { Offset = _used, Length = length, To = to, From = from };
        _used += length;
        _reserved = 0;
    }

    /// <summary>Forgets everything that was committed.</summary>
    public void Clear() => (Count, _used, _reserved) = (0, 0, 0);

    /// <summary>The bytes of datagram <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> Datagram(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return _buffer.AsSpan(_entries[index].Offset, _entries[index].Length);
    }

    /// <summary>Where datagram <paramref name="index"/> goes.</summary>
    public TransportAddress Destination(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return _entries[index].To;
    }

    /// <summary>The address of ours that datagram <paramref name="index"/> comes from; unspecified when the system chooses.</summary>
    public TransportAddress Source(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return _entries[index].From;
    }

    internal byte* Pointer(int index) => _start + _entries[index].Offset;

    internal int Length(int index) => _entries[index].Length;

    private struct Entry
    {
        public int Offset;
        public int Length;
        public TransportAddress To;
        public TransportAddress From;
    }
}
