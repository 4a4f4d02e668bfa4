using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Media;

namespace Crosspoint.Workers;

/// <summary>
/// The media packets of one turn, gathered by transport, so that those of one peer leave together: in as few kernel messages
/// as their sizes allow, and under keys that are then in the cache. Headers are kept here; payloads stay where they were received.
/// </summary>
/// <remarks>Owned by one worker thread. Allocated once.</remarks>
internal sealed unsafe class Flight
{
    // A frame of 70 packets for 100 peers; a larger flight only delays its first packets.
    private const int MaxPackets = 8192;

    // 64 bytes of header for each, which is more than most need; payloads that do not stay are rare.
    private const int ArenaBytes = MaxPackets * 64;

    // Made by me.
    private readonly Packet[] _packets = new Packet[MaxPackets];
    private readonly byte[] _arena = GC.AllocateUninitializedArray<byte>(ArenaBytes, pinned: true);
    private readonly byte* _start;
    private readonly List<WebRtcTransport> _transports = new(64);

    // State.
    private int _count;
    private int _used;

    public Flight() => _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_arena));

    /// <summary>Those who get something, in the order in which their first packet came.</summary>
    public ReadOnlySpan<WebRtcTransport> Transports => CollectionsMarshal.AsSpan(_transports);

    /// <summary>Packets gathered.</summary>
    public int Count => _count;

    /// <summary>True when nothing is gathered.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>A packet that was gathered; the transport's first is <see cref="PacketChain.First"/>.</summary>
    public ref readonly Packet this[int index] => ref _packets[index];

    /// <summary>Gathers a packet; false when the flight is full and has to leave first.</summary>
    public bool TryAdd(WebRtcTransport transport, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        bool stays = (traits & PayloadTraits.Stays) != PayloadTraits.None;
        bool mayBePadded = (traits & PayloadTraits.MayBePadded) != PayloadTraits.None;
        int front = header.Length + prefix.Length;
        int kept = front + (stays ? 0 : payload.Length);
        if (_count == MaxPackets || kept > ArenaBytes - _used)
        {
            return false;
        }

        byte* room = _start + _used;
        _used += kept;
        header.CopyTo(new Span<byte>(room, header.Length));
        if (!prefix.IsEmpty)
        {
            prefix.CopyTo(new Span<byte>(room + header.Length, prefix.Length));
        }

        byte* body = stays ? (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(payload)) : room + front;
        if (!stays)
        {
            payload.CopyTo(new Span<byte>(body, payload.Length));
        }

        Link(transport, new Packet(room, header.Length, prefix.Length, body, payload.Length, mayBePadded));
        return true;
    }

    /// <summary>Everything has left.</summary>
    public void Clear()
    {
        foreach (WebRtcTransport transport in _transports)
        {
            transport.Departing = PacketChain.Empty;
        }

        _transports.Clear();
        (_count, _used) = (0, 0);
    }

    private void Link(WebRtcTransport transport, in Packet packet)
    {
        int index = _count++;
        _packets[index] = packet;
        ref PacketChain chain = ref transport.Departing;
        if (chain.IsEmpty)
        {
            _transports.Add(transport);
            chain = new PacketChain(index, index);
            return;
        }

        _packets[chain.Last].Next = index;
        chain = chain with { Last = index };
    }

    /// <summary>One packet in three parts, the first two side by side; the collector moves none of them.</summary>
    public struct Packet(byte* header, int headerLength, int prefixLength, byte* payload, int payloadLength, bool mayBePadded)
    {
        private readonly byte* _header = header;
        private readonly byte* _payload = payload;
        private readonly ushort _headerLength = (ushort)headerLength;
        private readonly ushort _payloadLength = (ushort)payloadLength;
        private readonly byte _prefixLength = (byte)prefixLength;

        /// <summary>Whether <see cref="PayloadTraits.MayBePadded"/> was said of it.</summary>
        public readonly bool MayBePadded = mayBePadded;

        /// <summary>The same transport's next packet; −1 behind the last.</summary>
        public int Next = -1;

        /// <summary>Fixed header, CSRC list and extension.</summary>
        public readonly ReadOnlySpan<byte> Header => new(_header, _headerLength);

        /// <summary>What the payload begins with for this receiver; mostly empty.</summary>
        public readonly ReadOnlySpan<byte> Prefix => new(_header + _headerLength, _prefixLength);

        /// <summary>The payload in the clear, behind the prefix.</summary>
        public readonly ReadOnlySpan<byte> Payload => new(_payload, _payloadLength);

        /// <summary>Prefix and payload into one piece.</summary>
        public readonly void CopyBodyTo(Span<byte> into)
        {
            Prefix.CopyTo(into);
            Payload.CopyTo(into[_prefixLength..]);
        }

        /// <summary>All three, in bytes.</summary>
        public readonly int Length => _headerLength + _prefixLength + _payloadLength;
    }
}
