using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>
/// The headers, vectors, addresses and control messages of what is sent, wired to each other once: header i points at vector i and address i,
/// and all that does not differ from message to message is already in them.
/// </summary>
/// <remarks>Owned by the socket's thread.</remarks>
internal sealed unsafe class OutgoingMessages
{
    private readonly bool _ipv4Socket;
    private readonly PinnedArray<MessageHeader> _headers;
    private readonly PinnedArray<IoVector> _vectors;
    private readonly PinnedArray<SocketAddressStorage> _addresses;
    private readonly PinnedArray<ControlStorage> _controls;
    private readonly int[] _segmentBytes;

    public OutgoingMessages(int capacity, bool ipv4Socket)
    {
        _ipv4Socket = ipv4Socket;
        _headers = new PinnedArray<MessageHeader>(capacity);
        _vectors = new PinnedArray<IoVector>(capacity);
        _addresses = new PinnedArray<SocketAddressStorage>(capacity);
        _controls = new PinnedArray<ControlStorage>(capacity);
        _segmentBytes = new int[capacity];
        for (int i = 0; i < capacity; i++)
        {
            Headers[i].Name = _addresses.Start + i;
            Headers[i].Vectors = _vectors.Start + i;
            Headers[i].VectorCount = 1;
            LinuxControl.Wire((byte*)(_controls.Start + i), ipv4Socket);
        }
    }

    public MessageHeader* Headers => _headers.Start;

    public int Capacity => _headers.Length;

    /// <summary>UDP payload bytes of a message.</summary>
    public int Bytes(int index) => (int)_vectors.Start[index].Length;

    /// <summary>Into how many datagrams the kernel is asked to cut a message; 1 when it is not.</summary>
    public int Datagrams(int index)
    {
        int segment = _segmentBytes[index];
        return segment == 0 ? 1 : (int)(((uint)Bytes(index) + (uint)segment - 1) / (uint)segment);
    }

    /// <summary>Prepares one message; it is to be cut when it is longer than <paramref name="segmentBytes"/>.</summary>
    public void Set(int index, byte* data, int length, int segmentBytes, in TransportAddress to, in TransportAddress from)
    {
        int cut = length > segmentBytes ? segmentBytes : 0;
        ref MessageHeader header = ref Headers[index];
        header.NameLength = LinuxAddress.Write(ref *header.Name, to, _ipv4Socket);
        header.Control = LinuxControl.Write((byte*)(_controls.Start + index), from, cut, _ipv4Socket, out header.ControlLength);
        _vectors.Start[index].Base = data;
        _vectors.Start[index].Length = (nuint)length;
        _segmentBytes[index] = cut;
    }

    /// <summary>Takes message <paramref name="index"/> of another apart, one datagram a message; returns their number. Addresses stay shared with it.</summary>
    public int Split(OutgoingMessages other, int index)
    {
        ref readonly MessageHeader whole = ref other.Headers[index];
        int segment = other._segmentBytes[index];
        int length = other.Bytes(index);
        nuint infoSpace = LinuxControl.PacketInfoSpace(_ipv4Socket);
        bool withInfo = whole.ControlLength > infoSpace;
        int count = 0;
        for (int offset = 0; offset < length; offset += segment, count++)
        {
            Headers[count].Name = whole.Name;
            Headers[count].NameLength = whole.NameLength;
            Headers[count].Control = withInfo ? whole.Control : null;
            Headers[count].ControlLength = withInfo ? infoSpace : 0;
            _vectors.Start[count].Base = other._vectors.Start[index].Base + offset;
            _vectors.Start[count].Length = (nuint)Math.Min(segment, length - offset);
        }

        return count;
    }
}
