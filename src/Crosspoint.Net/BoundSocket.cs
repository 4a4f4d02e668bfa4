using System.Net;
using System.Net.Sockets;

namespace Crosspoint.Net;

/// <summary>Creates a socket and binds it to the first free port of a range, dual-stack where that is possible.</summary>
internal static class BoundSocket
{
    public static Socket Open(IPAddress address, ushort minPort, ushort maxPort, SocketType type, ProtocolType protocol, Action<Socket>? prepare = null, Action<Socket>? bound = null)
    {
        try
        {
            return OpenIn(address, minPort, maxPort, type, protocol, prepare, bound);
        }
        catch (SocketException e) when (IsMissingIPv6(address, e.SocketErrorCode))
        {
            return OpenIn(IPAddress.Any, minPort, maxPort, type, protocol, prepare, bound);
        }
    }

    private static bool IsMissingIPv6(IPAddress address, SocketError error) =>
        address.Equals(IPAddress.IPv6Any)
        && error is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported or SocketError.AddressNotAvailable;

    private static Socket OpenIn(IPAddress address, ushort minPort, ushort maxPort, SocketType type, ProtocolType protocol, Action<Socket>? prepare, Action<Socket>? bound)
    {
        for (int port = minPort; ; port++)
        {
            var socket = new Socket(address.AddressFamily, type, protocol);
            try
            {
                if (address.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = true;
                }

                prepare?.Invoke(socket);
                socket.Bind(new IPEndPoint(address, port));
                bound?.Invoke(socket);
                return socket;
            }
            catch (SocketException e) when (port < maxPort && e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
