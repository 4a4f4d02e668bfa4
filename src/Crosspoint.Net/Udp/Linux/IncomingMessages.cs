using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>The headers, vectors, addresses and control messages of what is received. Only those the kernel has used are made ready again.</summary>
/// <remarks>Owned by the socket's thread.</remarks>
internal sealed unsafe class IncomingMessages
{
    private readonly PinnedArray<MessageHeader> _headers = new(UdpSocket.MaxBatch);
    private readonly PinnedArray<IoVector> _vectors = new(UdpSocket.MaxBatch);
    private readonly PinnedArray<SocketAddressStorage> _addresses = new(UdpSocket.MaxBatch);
    private readonly PinnedArray<ControlStorage> _controls = new(UdpSocket.MaxBatch);
    private DatagramBatch? _batch;
    private int _used;

    public IncomingMessages()
    {
        for (int i = 0; i < UdpSocket.MaxBatch; i++)
        {
            Headers[i].Name = _addresses.Start + i;
            Headers[i].Vectors = _vectors.Start + i;
            Headers[i].VectorCount = 1;
            Headers[i].Control = _controls.Start + i;
            Renew(i);
        }
    }

    public MessageHeader* Headers => _headers.Start;

    /// <summary>Before receiving: every header has its slot of the batch and says how much room there is.</summary>
    public void Prepare(DatagramBatch batch)
    {
        for (int i = 0; i < _used; i++)
        {
            Renew(i);
        }

        _used = 0;
        if (!ReferenceEquals(batch, _batch))
        {
            _batch = batch;
            for (int i = 0; i < batch.Capacity; i++)
            {
                _vectors.Start[i].Base = batch.SlotPointer(i);
                _vectors.Start[i].Length = (nuint)batch.SlotBytes;
            }
        }
    }

    /// <summary>After receiving: the kernel has written so many.</summary>
    public void Use(int count) => _used = count;

    /// <summary>Where message <paramref name="index"/> came from; false for an unknown kind of address.</summary>
    public bool TryReadSource(int index, out TransportAddress source) => LinuxAddress.TryRead(ref _addresses.Start[index], Headers[index].NameLength, out source);

    /// <summary>Which address of ours message <paramref name="index"/> was sent to (<paramref name="local"/> stays when unknown), and how long its segments are, 0 for a single datagram.</summary>
    public int ReadControl(int index, ref TransportAddress local)
    {
        int segmentBytes = 0;
        int length = (int)Math.Min(Headers[index].ControlLength, (nuint)ControlStorage.Size);
        LinuxControl.Read(new ReadOnlySpan<byte>(_controls.Start + index, length), ref local, ref segmentBytes);
        return segmentBytes;
    }

    private void Renew(int index)
    {
        Headers[index].NameLength = SocketAddressStorage.Size;
        Headers[index].ControlLength = ControlStorage.Size;
    }
}
