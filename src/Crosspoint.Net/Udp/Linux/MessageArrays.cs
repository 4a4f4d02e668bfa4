using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>
/// The headers, vectors, addresses and control messages of one direction, allocated once where the collector does not move them
/// and wired to each other: header i points at vector i, address i and control message i.
/// </summary>
internal sealed unsafe class MessageArrays
{
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(UdpSocket.MaxBatch, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(UdpSocket.MaxBatch, pinned: true);
    private readonly SocketAddressStorage[] _addresses = GC.AllocateArray<SocketAddressStorage>(UdpSocket.MaxBatch, pinned: true);
    private readonly PacketInfoStorage[] _packetInfos = GC.AllocateArray<PacketInfoStorage>(UdpSocket.MaxBatch, pinned: true);
    private readonly PacketInfoStorage* _packetInfo;

    public MessageArrays()
    {
        Headers = Pointer(_headers);
        Vectors = Pointer(_vectors);
        Addresses = Pointer(_addresses);
        _packetInfo = Pointer(_packetInfos);
        for (int i = 0; i < UdpSocket.MaxBatch; i++)
        {
            Headers[i].Name = Addresses + i;
            Headers[i].NameLength = SocketAddressStorage.Size;
            Headers[i].Vectors = Vectors + i;
            Headers[i].VectorCount = 1;
        }
    }

    public MessageHeader* Headers { get; }

    public IoVector* Vectors { get; }

    public SocketAddressStorage* Addresses { get; }

    /// <summary>Before receiving: room for the address of ours that datagram <paramref name="index"/> is sent to, or none.</summary>
    public void ExpectPacketInfo(int index, bool wanted)
    {
        Headers[index].Control = wanted ? _packetInfo + index : null;
        Headers[index].ControlLength = wanted ? (nuint)PacketInfoStorage.Size : 0;
    }

    /// <summary>After receiving: the address of ours, with the port of <paramref name="bound"/>; <paramref name="bound"/> itself when the kernel said nothing.</summary>
    public TransportAddress Local(int index, in TransportAddress bound) =>
        LinuxPacketInfo.TryRead(ref _packetInfo[index], Headers[index].ControlLength, bound.Port, out TransportAddress local) ? local : bound;

    /// <summary>Before sending: the address of ours to send from; the unspecified one leaves it to the kernel.</summary>
    public void SetPacketInfo(int index, in TransportAddress from, bool ipv4Socket)
    {
        nuint length = from.IsUnspecified ? 0 : LinuxPacketInfo.Write(ref _packetInfo[index], from, ipv4Socket);
        Headers[index].Control = length == 0 ? null : _packetInfo + index;
        Headers[index].ControlLength = length;
    }

    private static T* Pointer<T>(T[] array)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}
