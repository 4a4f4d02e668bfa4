using System.Net;
using System.Net.Sockets;

namespace Crosspoint.Calls.Limits;

/// <summary>Counts open sockets, in all and by address.</summary>
/// <remarks>Any thread; one lock, held for a few instructions.</remarks>
public sealed class SocketGate(int maxSockets, int maxPerAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private int _sockets;

    /// <summary>Open sockets.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sockets;
            }
        }
    }

    /// <summary>Takes a place; every <see cref="SocketAdmission.Admitted"/> is given back with <see cref="Leave"/>.</summary>
    public SocketAdmission Enter(IPAddress address)
    {
        IPAddress key = KeyOf(address);
        lock (_gate)
        {
            int here = _perAddress.GetValueOrDefault(key);
            if (here >= maxPerAddress)
            {
                return SocketAdmission.TooManyFromAddress;
            }

            if (_sockets >= maxSockets)
            {
                return SocketAdmission.NodeFull;
            }

            _perAddress[key] = here + 1;
            _sockets++;
            return SocketAdmission.Admitted;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(IPAddress address)
    {
        IPAddress key = KeyOf(address);
        lock (_gate)
        {
            int here = _perAddress.GetValueOrDefault(key);
            if (here <= 1)
            {
                _perAddress.Remove(key);
            }
            else
            {
                _perAddress[key] = here - 1;
            }

            _sockets--;
        }
    }

    // One customer usually has a whole /64 of IPv6: that is "one address" here.
    private static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}

/// <summary>Whether a socket may open.</summary>
public enum SocketAdmission
{
    /// <summary>Yes.</summary>
    Admitted,

    /// <summary>No: its address has too many.</summary>
    TooManyFromAddress,

    /// <summary>No: the node has too many.</summary>
    NodeFull,
}
