using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>
/// The headers, vectors and addresses of one direction, allocated once where the collector does not move them
/// and wired to each other: header i points at vector i and address i.
/// </summary>
internal sealed unsafe class MessageArrays
{
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(UdpSocket.MaxBatch, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(UdpSocket.MaxBatch, pinned: true);
    private readonly SocketAddressStorage[] _addresses = GC.AllocateArray<SocketAddressStorage>(UdpSocket.MaxBatch, pinned: true);

    public MessageArrays()
    {
        Headers = Pointer(_headers);
        Vectors = Pointer(_vectors);
        Addresses = Pointer(_addresses);
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

    private static T* Pointer<T>(T[] array)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}
