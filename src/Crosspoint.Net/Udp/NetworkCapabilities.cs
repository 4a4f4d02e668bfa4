using System.Net.Sockets;

namespace Crosspoint.Net.Udp;

/// <summary>What the system really gives to a UDP socket; only things that are used today.</summary>
/// <param name="Implementation">Which implementation moves the datagrams.</param>
/// <param name="BatchedSystemCalls">Many datagrams a system call (recvmmsg, sendmmsg).</param>
/// <param name="DualStack">IPv4 and IPv6 on one socket.</param>
/// <param name="PathMtuProbing">A datagram that is too long for the path is refused and never fragmented (DF set, IP_PMTUDISC_PROBE).</param>
/// <param name="KernelDropCounter">The kernel tells how many datagrams it dropped for a full receive buffer.</param>
/// <param name="LocalAddresses">A socket on every interface knows which address a datagram was sent to, and answers from that one.</param>
/// <param name="SegmentationOffload">Datagrams of equal size to one peer leave as one message (UDP_SEGMENT), as a message to ourselves has shown.</param>
/// <param name="ReceiveOffload">Datagrams of one peer may arrive as one message (UDP_GRO), as a message to ourselves has shown.</param>
/// <param name="ReceiveBufferBytes">The receive buffer obtained, in bytes as the kernel accounts them.</param>
/// <param name="SendBufferBytes">The send buffer obtained, in bytes as the kernel accounts them.</param>
public readonly record struct NetworkCapabilities(
    UdpImplementation Implementation,
    bool BatchedSystemCalls,
    bool DualStack,
    bool PathMtuProbing,
    bool KernelDropCounter,
    bool LocalAddresses,
    bool SegmentationOffload,
    bool ReceiveOffload,
    int ReceiveBufferBytes,
    int SendBufferBytes)
{
    /// <summary>Opens a socket as <paramref name="options"/> says (any free port), reports, and closes it.</summary>
    /// <exception cref="SocketException">Not even a socket can be had.</exception>
    public static NetworkCapabilities Probe(UdpSocketOptions? options = null)
    {
        using UdpSocket socket = UdpSocket.Open((options ?? new UdpSocketOptions()) with { MinPort = 0, MaxPort = 0 });
        return socket.Capabilities;
    }
}
