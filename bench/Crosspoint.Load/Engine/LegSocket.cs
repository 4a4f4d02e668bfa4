using System.Net.Sockets;
using System.Net;
using Crosspoint.Load.Native;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Load.Engine;

/// <summary>A plain UDP socket, as an operating system gives one to a browser: no GRO, no GSO. Only its buffers are larger, so that a pause of ours is no loss of the server's.</summary>
internal sealed unsafe class LegSocket : IDisposable
{
    // A second of 20 Mbit/s as the kernel counts it: about 2,300 bytes a packet.
    private const int BufferBytes = 8 << 20;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public LegSocket(IPAddress address, bool isTimestamped)
    {
        _socket.Bind(new IPEndPoint(address, 0));
        Descriptor = (int)_socket.Handle;
        Set(LoadNative.ReceiveBufferForce, BufferBytes);
        Set(LoadNative.SendBufferForce, BufferBytes);
        if (isTimestamped)
        {
            Set(LoadNative.TimestampNanoseconds, 1);
        }

        LocalAddress = TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);
    }

    public int Descriptor { get; }

    public TransportAddress LocalAddress { get; }

    public void Dispose() => _socket.Dispose();

    private void Set(int name, int value)
    {
        if (LoadNative.SetOption(Descriptor, LoadNative.SocketLevel, name, &value, sizeof(int)) != 0)
        {
            throw new SocketException((int)SocketError.AccessDenied, $"setsockopt {name}: errno {LinuxNative.LastError} (are you root?)");
        }
    }
}
