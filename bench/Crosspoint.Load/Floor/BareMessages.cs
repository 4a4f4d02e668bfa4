using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Native;
using Crosspoint.Net.Udp.Linux;

namespace Crosspoint.Load.Floor;

/// <summary>Room for the datagrams of one recvmmsg or sendmmsg. Nothing is allocated per datagram.</summary>
internal sealed unsafe class BareMessages
{
    /// <summary>The most of one call.</summary>
    public const int Capacity = 64;

    private const int SlotBytes = 1536;

    private readonly byte[] _memory = GC.AllocateArray<byte>(Capacity * SlotBytes, pinned: true);
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(Capacity, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Capacity, pinned: true);
    private readonly SocketAddressStorage[] _addresses = GC.AllocateArray<SocketAddressStorage>(Capacity, pinned: true);
    private readonly TimestampControl[] _controls = GC.AllocateArray<TimestampControl>(Capacity, pinned: true);

    public BareMessages()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i].Base = Pointer(_memory) + (i * SlotBytes);
            _headers[i].Vectors = Pointer(_vectors) + i;
            _headers[i].VectorCount = 1;
            _headers[i].Name = Pointer(_addresses) + i;
        }
    }

    /// <summary>The bytes of datagram <paramref name="index"/>, to be filled and sent.</summary>
    public Span<byte> ToSend(int index, int bytes, in SocketAddressStorage to)
    {
        _addresses[index] = to;
        _headers[index].NameLength = LinuxAddress.IPv4Length;
        _vectors[index].Length = (nuint)bytes;
        return _memory.AsSpan(index * SlotBytes, bytes);
    }

    /// <summary>Sends those from <paramref name="first"/> to <paramref name="end"/>; how many the kernel took, which never waits.</summary>
    public int Send(LegSocket socket, int first, int end) =>
        Math.Max(0, LinuxNative.SendMany(socket.Descriptor, Pointer(_headers) + first, (uint)(end - first), LinuxNative.NoSignal | LinuxNative.DoNotWait));

    /// <summary>Takes what is there.</summary>
    public int Receive(LegSocket socket, bool withTimestamps)
    {
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i].Length = SlotBytes;
            _headers[i].NameLength = LinuxAddress.IPv4Length;
            _headers[i].Control = withTimestamps ? Pointer(_controls) + i : null;
            _headers[i].ControlLength = withTimestamps ? (nuint)TimestampControl.Size : 0;
        }

        return Math.Max(0, LinuxNative.ReceiveMany(socket.Descriptor, Pointer(_headers), Capacity, LinuxNative.DoNotWait, null));
    }

    /// <summary>Datagram <paramref name="index"/> of the last <see cref="Receive"/>.</summary>
    public ReadOnlySpan<byte> Received(int index) => _memory.AsSpan(index * SlotBytes, (int)_headers[index].Length);

    /// <summary>When the kernel took it, in nanoseconds since 1970.</summary>
    public long ReceivedAt(int index) => _controls[index].UnixNanoseconds;

    private static T* Pointer<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
