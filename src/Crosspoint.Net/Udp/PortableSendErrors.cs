using System.Net.Sockets;

namespace Crosspoint.Net.Udp;

/// <summary>Which counter an error of the framework's send ends in.</summary>
internal static class PortableSendErrors
{
    public static void Count(ref UdpSocketStatistics counters, SocketError error)
    {
        switch (error)
        {
            case SocketError.WouldBlock:
                counters.SendDroppedQueueFull++;
                break;
            case SocketError.NoBufferSpaceAvailable:
                counters.SendDroppedNoBuffers++;
                break;
            case SocketError.MessageSize:
                counters.SendDroppedTooBig++;
                break;
            case SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown or SocketError.AddressNotAvailable:
                counters.SendDroppedUnreachable++;
                break;
            case SocketError.ConnectionRefused or SocketError.ConnectionReset:
                counters.SendDroppedRefused++;
                break;
            case SocketError.AccessDenied:
                counters.SendDroppedNotPermitted++;
                break;
            case SocketError.InvalidArgument or SocketError.AddressFamilyNotSupported:
                counters.SendDroppedInvalidAddress++;
                break;
            default:
                counters.SendDroppedOther++;
                break;
        }
    }
}
