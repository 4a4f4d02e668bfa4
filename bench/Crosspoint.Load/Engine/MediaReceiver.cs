using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Load.Native;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc;

namespace Crosspoint.Load.Engine;

/// <summary>
/// Takes what came for a leg with one recvmmsg. RTP is counted by its fixed header; every 64th call for a leg, and every call of a checking leg,
/// takes whole packets and decrypts them. The others ask the kernel for the first bytes only: that is what makes the load cheaper than the server.
/// </summary>
/// <remarks>Owned by the engine's thread. Nothing is allocated per packet.</remarks>
internal sealed unsafe class MediaReceiver
{
    private const int MaxMessages = 32;
    private const int SlotBytes = 2048;

    // Whatever is longer than this on a connected leg is media: RTCP, STUN and alerts are shorter.
    private const int HeadBytes = 640;

    // Of the leg's own reads: with one count for all some legs may not come up for so long that their rollover counter is lost (half of 2^16 packets).
    private const int SampleEvery = 64;

    private readonly byte[] _memory = GC.AllocateArray<byte>(MaxMessages * SlotBytes, pinned: true);
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(MaxMessages, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(MaxMessages, pinned: true);
    private readonly SocketAddressStorage[] _addresses = GC.AllocateArray<SocketAddressStorage>(MaxMessages, pinned: true);
    private readonly TimestampControl[] _controls = GC.AllocateArray<TimestampControl>(MaxMessages, pinned: true);
    private readonly LoadEngine _engine;

    public MediaReceiver(LoadEngine engine)
    {
        _engine = engine;
        for (int i = 0; i < MaxMessages; i++)
        {
            _headers[i].Name = Pointer(_addresses) + i;
            _headers[i].Vectors = Pointer(_vectors) + i;
            _headers[i].VectorCount = 1;
            _vectors[i].Base = Pointer(_memory) + (i * SlotBytes);
        }
    }

    /// <summary>One call; what is left is told again by epoll.</summary>
    public void Receive(Leg leg, Instant now, ref LoadCounters counters)
    {
        bool whole = !leg.IsConnected || leg.Options.ChecksEverything || leg.Options.IsProbe || (leg.Reads++ % SampleEvery) == 0;
        Prepare(whole ? SlotBytes : HeadBytes, leg.Options.IsProbe || leg.NumberId != 0);
        int count = LinuxNative.ReceiveMany(leg.Socket.Descriptor, Pointer(_headers), MaxMessages, LinuxNative.DoNotWait | LinuxNative.Truncated, null);
        bool hasControl = false;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> head = _memory.AsSpan(i * SlotBytes, 12);
            if (head[0] >> 6 == 2 && head[1] is < 192 or > 223 && leg.IsConnected)
            {
                TakeMedia(leg, now, i, whole, ref counters);
            }
            else
            {
                hasControl = true;
                TakeControl(leg, now, i);
            }
        }

        if (hasControl)
        {
            _engine.Pump(leg, now);
        }
    }

    private void Prepare(int bytes, bool withTimestamps)
    {
        for (int i = 0; i < MaxMessages; i++)
        {
            ref MessageHeader header = ref _headers[i];
            header.NameLength = LinuxAddress.IPv4Length;
            header.Control = withTimestamps ? Pointer(_controls) + i : null;
            header.ControlLength = withTimestamps ? (nuint)TimestampControl.Size : 0;
            _vectors[i].Length = (nuint)bytes;
        }
    }

    private void TakeMedia(Leg leg, Instant now, int index, bool whole, ref LoadCounters counters)
    {
        Span<byte> packet = _memory.AsSpan(index * SlotBytes, SlotBytes);
        Note(leg, ArrivalOf(index, now), packet[..HeadBytes], (int)_headers[index].Length);
        ref ReceivedStream stream = ref leg.Find(BinaryPrimitives.ReadUInt32BigEndian(packet[8..]));
        if (stream.IsRepair)
        {
            return;
        }

        counters.Received++;
        stream.Sequence.Add(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        if (!whole)
        {
            return;
        }

        packet = packet[..(int)Math.Min(_headers[index].Length, SlotBytes)];
        switch (leg.Session.Handle(now, leg.LocalAddress, AddressOf(index), packet, out int length))
        {
            case PeerInput.Rtp when RtpPacket.TryParse(packet[..length], out RtpPacket parsed):
                counters.Verified++;
                if (leg.Options.IsProbe)
                {
                    _engine.Probe.NoteReceived(parsed.Payload, _controls[index].UnixNanoseconds);
                }

                break;
            default:
                counters.Refused++;
                break;
        }
    }

    // As browsers do: that we look late is no delay of the network.
    private Instant ArrivalOf(int index, Instant now) =>
        _headers[index].Control is not null && _controls[index].UnixNanoseconds is var nanoseconds and > 0 ? _engine.Clock.FromUnix(nanoseconds) : now;

    // Header extensions are in the clear (RFC 3711 §3.1), and all of ours fit the head.
    private static void Note(Leg leg, Instant arrival, ReadOnlySpan<byte> head, int bytes)
    {
        if (leg.NumberId != 0
            && leg.Feedback is { } feedback
            && RtpPacket.TryParseHeader(head, out RtpPacket header)
            && header.TryGetExtension(leg.NumberId, out ReadOnlySpan<byte> element)
            && TransportSequenceNumber.TryRead(element, out SequenceNumber number))
        {
            feedback.Handle(arrival, number, bytes);
        }
    }

    private void TakeControl(Leg leg, Instant now, int index)
    {
        Span<byte> datagram = _memory.AsSpan(index * SlotBytes, (int)Math.Min(_headers[index].Length, SlotBytes));
        if (leg.Session.Handle(now, leg.LocalAddress, AddressOf(index), datagram, out int length) == PeerInput.Rtcp)
        {
            Reports.Take(leg, now, datagram[..length]);
        }
    }

    // The load's sockets are IPv4's, and so is whoever sends to them.
    private TransportAddress AddressOf(int index) =>
        LinuxAddress.TryRead(ref _addresses[index], LinuxAddress.IPv4Length, out TransportAddress address) ? address : default;

    private static T* Pointer<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
