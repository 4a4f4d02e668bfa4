using Crosspoint.Load.Media;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Load.Engine;

/// <summary>Sends what publishers have due: each frame's packets protected once and handed to the kernel with one sendmmsg, without GSO.</summary>
/// <remarks>Owned by the engine's thread. Nothing is allocated per packet.</remarks>
internal sealed unsafe class MediaSender
{
    private const int MaxMessages = 64;
    private const int SlotBytes = 1536;
    private const int MaxAttempts = 200;

    private static readonly TimeSpan LongestLateness = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _memory = GC.AllocateArray<byte>(MaxMessages * SlotBytes, pinned: true);
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(MaxMessages, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(MaxMessages, pinned: true);
    private readonly SocketAddressStorage[] _address = GC.AllocateArray<SocketAddressStorage>(1, pinned: true);
    private readonly byte[] _header = new byte[64];
    private readonly byte[] _payload = new byte[2048];
    private readonly LoadEngine _engine;
    private readonly DelayProbe _probe;
    private int _count;

    public MediaSender(LoadEngine engine)
    {
        _engine = engine;
        _probe = engine.Probe;
        for (int i = 0; i < MaxMessages; i++)
        {
            _headers[i].Name = Pointer(_address);
            _headers[i].NameLength = LinuxAddress.IPv4Length;
            _headers[i].Vectors = Pointer(_vectors) + i;
            _headers[i].VectorCount = 1;
            _vectors[i].Base = Pointer(_memory) + (i * SlotBytes);
        }
    }

    /// <summary>Sends everything of a leg that is due; returns when the next packet is.</summary>
    public Instant Send(Leg leg, Instant now, ref LoadCounters counters)
    {
        Instant next = Instant.Never;
        foreach (TrackSource track in leg.Tracks)
        {
            TimeSpan late = now - track.Due;
            counters.SendLateMs = Math.Max(counters.SendLateMs, late.TotalMilliseconds);
            if (late > LongestLateness)
            {
                track.Resume(now);
            }

            while (track.Due <= now)
            {
                Gather(leg, track, now);
                if (_count == MaxMessages)
                {
                    Flush(leg, ref counters);
                }
            }

            next = Instant.Min(next, track.Due);
        }

        Flush(leg, ref counters);
        return next;
    }

    private void Gather(Leg leg, TrackSource track, Instant now)
    {
        int payloadLength = track.WritePayload(now, _payload, out bool marker);
        _probe.Stamp(_count, _payload.AsSpan(0, payloadLength));
        int headerLength = track.WriteHeader(now, _header, marker, payloadLength);
        int length = leg.Session.ProtectRtp(_header.AsSpan(0, headerLength), _payload.AsSpan(0, payloadLength), _memory.AsSpan(_count * SlotBytes, SlotBytes));
        if (length > 0)
        {
            _vectors[_count++].Length = (nuint)length;
        }
    }

    private void Flush(Leg leg, ref LoadCounters counters)
    {
        if (_count == 0)
        {
            return;
        }

        if (leg.Session.TryGetPath(out _, out TransportAddress remote))
        {
            LinuxAddress.Write(ref _address[0], remote, ipv4Socket: true);
            _probe.NoteSent(_count);
            SendAll(leg, ref counters);
        }

        _count = 0;
    }

    // Never waits: on one machine a packet is charged to its sender until its receiver took it, so a load that waits for a server which
    // waits for the load would stand still with it. Instead it takes what came and tries again.
    private void SendAll(Leg leg, ref LoadCounters counters)
    {
        int sent = 0;
        for (int attempt = 0; sent < _count && attempt < MaxAttempts; attempt++)
        {
            int moved = LinuxNative.SendMany(leg.Socket.Descriptor, Pointer(_headers) + sent, (uint)(_count - sent), LinuxNative.NoSignal | LinuxNative.DoNotWait);
            if (moved > 0)
            {
                sent += moved;
            }
            else
            {
                _engine.ReceiveAll();
            }
        }

        counters.Sent += sent;
        counters.SendFailures += _count - sent;
    }

    private static T* Pointer<T>(T[] pinned)
        where T : unmanaged => (T*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(pinned));
}
