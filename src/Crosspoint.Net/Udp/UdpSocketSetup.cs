using System.Net.Sockets;
using System.Runtime.InteropServices;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>The options that both implementations set on their socket.</summary>
internal static class UdpSocketSetup
{
    private const int LinuxSolSocket = 1;
    private const int LinuxReusePort = 15;
    private const int LinuxSndBufForce = 32;
    private const int LinuxRcvBufForce = 33;
    private const int LinuxIpMtuDiscover = 10;
    private const int LinuxIPv6MtuDiscover = 23;
    private const int LinuxIpPacketInfo = 8;
    private const int LinuxIPv6ReceivePacketInfo = 49;
    private const int LinuxIpLevel = 0;
    private const int LinuxIPv6Level = 41;
    private const int LinuxProbe = 3;

    public static Socket Open(UdpSocketOptions options)
    {
        if (options.SharePort && options.IsFirstOnPort && options.MinPort != 0)
        {
            // The kernel lets every process of our user into a shared port; only one that does not share finds out whether there is one.
            BoundSocket.Open(options.Address, options.MinPort, options.MinPort, SocketType.Dgram, ProtocolType.Udp).Dispose();
        }

        return BoundSocket.Open(options.Address, options.MinPort, options.MaxPort, SocketType.Dgram, ProtocolType.Udp, socket =>
        {
            socket.Blocking = false;
            SetBuffers(socket, options);
            if (options.SharePort)
            {
                TrySet(socket, LinuxSolSocket, LinuxReusePort, 1);
            }
        });
    }

    /// <summary>Sets the rest, and says what was obtained.</summary>
    public static NetworkCapabilities Finish(Socket socket, UdpImplementation implementation, Offloads offloads)
    {
        bool probing = SetPathMtuProbing(socket);
        return new NetworkCapabilities(
            implementation,
            BatchedSystemCalls: implementation == UdpImplementation.Linux,
            DualStack: socket.AddressFamily == AddressFamily.InterNetworkV6 && socket.DualMode,
            probing,
            KernelDropCounter: implementation == UdpImplementation.Linux,
            LocalAddresses: implementation == UdpImplementation.Linux && TellLocalAddresses(socket),
            offloads.Segmentation,
            offloads.Receive,
            socket.ReceiveBufferSize,
            socket.SendBufferSize);
    }

    public static TransportAddress LocalAddress(Socket socket) => TransportAddress.From((System.Net.IPEndPoint)socket.LocalEndPoint!);

    private static void SetBuffers(Socket socket, UdpSocketOptions options)
    {
        if (!TrySet(socket, LinuxSolSocket, LinuxRcvBufForce, options.ReceiveBufferBytes))
        {
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        }

        if (!TrySet(socket, LinuxSolSocket, LinuxSndBufForce, options.SendBufferBytes))
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }
    }

    // PROBE sets DF and ignores the cached path MTU: EMSGSIZE then means the interface, and nothing is fragmented on the way.
    private static bool SetPathMtuProbing(Socket socket)
    {
        bool set = TrySet(socket, LinuxIpLevel, LinuxIpMtuDiscover, LinuxProbe);
        return socket.AddressFamily == AddressFamily.InterNetworkV6 ? TrySet(socket, LinuxIPv6Level, LinuxIPv6MtuDiscover, LinuxProbe) && set : set;
    }

    // A socket bound to one address knows without being told. The IPv6 option speaks of IPv4 datagrams too, by their mapped addresses.
    private static bool TellLocalAddresses(Socket socket) =>
        LocalAddress(socket).IsUnspecified
        && (socket.AddressFamily == AddressFamily.InterNetworkV6
            ? TrySet(socket, LinuxIPv6Level, LinuxIPv6ReceivePacketInfo, 1)
            : TrySet(socket, LinuxIpLevel, LinuxIpPacketInfo, 1));

    /// <summary>Sets a number by its Linux names; false where that is not possible.</summary>
    public static bool TrySet(Socket socket, int level, int name, int value)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            socket.SetRawSocketOption(level, name, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
