using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// Messages gathered for one send call, allocated once. A packet is written (encrypted) straight into the reserved room.
/// A message is one datagram, or several of equal size to one peer (the last may be shorter), which the kernel takes as one (UDP_SEGMENT).
/// <code>
/// Span&lt;byte&gt; room = batch.Reserve(1500);
/// if (room.IsEmpty) { socket.Send(batch); room = batch.Reserve(1500); }
/// batch.Commit(Protect(packet, room), destination);
/// </code>
/// </summary>
/// <remarks>Owned by the thread that calls <see cref="UdpSocket.Send"/>, which empties it.</remarks>
public sealed unsafe class SendBatch
{
    /// <summary>The most datagrams one message may hold: what every kernel with UDP_SEGMENT takes (UDP_MAX_SEGMENTS).</summary>
    public const int MaxSegments = 64;

    /// <summary>The most bytes a message of several datagrams may hold: they and their headers are one IP packet of 65,535 bytes until they are cut.</summary>
    public const int MaxMessageBytes = 65_000;

    // A turn of media is many small messages; this is what one is expected to take, on average and with room to spare.
    private const int UsualMessageBytes = 2048;

    private readonly byte[] _buffer;
    private readonly byte* _start;
    private readonly Entry[] _entries;
    private int _used;
    private int _reserved;

    /// <param name="capacity">Messages, 1 to <see cref="UdpSocket.MaxBatch"/>, the default.</param>
    /// <param name="capacityBytes">Bytes for all of them; 0 takes 2048 for each (512 KiB by default), and at least <see cref="MaxMessageBytes"/>.</param>
    public SendBatch(int capacity = UdpSocket.MaxBatch, int capacityBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, UdpSocket.MaxBatch);
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        int bytes = capacityBytes == 0 ? Math.Max(capacity * UsualMessageBytes, MaxMessageBytes) : capacityBytes;
        _buffer = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer));
        _entries = new Entry[capacity];
    }

    /// <summary>The most messages it holds.</summary>
    public int Capacity => _entries.Length;

    /// <summary>Messages committed.</summary>
    public int Count { get; private set; }

    /// <summary>True when nothing is committed.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>
    /// Room of exactly <paramref name="max"/> bytes for the next message; empty when the batch has to be sent first.
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
        Add(length, length, to, from);
    }

    /// <summary>
    /// Makes the first <paramref name="length"/> bytes of the reservation datagrams of <paramref name="segmentBytes"/> each, the last one shorter
    /// when they do not divide. One kernel message where the system can, otherwise the socket sends them one by one; order is kept either way.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Longer than what was reserved, or nothing was; more than <see cref="MaxSegments"/> datagrams; several in more than <see cref="MaxMessageBytes"/>.
    /// </exception>
    public void Commit(int length, int segmentBytes, in TransportAddress to, in TransportAddress from)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _reserved);
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentBytes, 1);
        if (length > segmentBytes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxMessageBytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, segmentBytes * MaxSegments);
        }

        Add(length, Math.Min(segmentBytes, length), to, from);
    }

    /// <summary>Forgets everything that was committed.</summary>
    public void Clear() => (Count, _used, _reserved) = (0, 0, 0);

    /// <summary>The bytes of message <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> Message(int index)
    {
        ref readonly Entry entry = ref At(index);
        return _buffer.AsSpan(entry.Offset, entry.Length);
    }

    /// <summary>How long each datagram of message <paramref name="index"/> is, but for the last, which may be shorter.</summary>
    public int SegmentBytes(int index) => At(index).SegmentBytes;

    /// <summary>Where message <paramref name="index"/> goes.</summary>
    public TransportAddress Destination(int index) => At(index).To;

    /// <summary>The address of ours that message <paramref name="index"/> comes from; unspecified when the system chooses.</summary>
    public TransportAddress Source(int index) => At(index).From;

    internal byte* Start => _start;

    internal ref readonly Entry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return ref _entries[index];
    }

    private void Add(int length, int segmentBytes, in TransportAddress to, in TransportAddress from)
    {
        ref Entry entry = ref _entries[Count++];
        entry.Offset = _used;
        entry.Length = length;
        entry.SegmentBytes = segmentBytes;
        entry.To = to;
        entry.From = from;
        _used += length;
        _reserved = 0;
    }

    /// <summary>One message: where it lies in the buffer, and how long each of its datagrams is.</summary>
    internal struct Entry
    {
        public int Offset;
        public int Length;
        public int SegmentBytes;
        public TransportAddress To;
        public TransportAddress From;
    }
}
