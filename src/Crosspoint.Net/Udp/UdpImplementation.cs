namespace Crosspoint.Net.Udp;

/// <summary>What stands behind a <see cref="UdpSocket"/>.</summary>
public enum UdpImplementation
{
    /// <summary>The framework's sockets, one datagram a call, everywhere.</summary>
    Portable,

    /// <summary>recvmmsg and sendmmsg on Linux.</summary>
    Linux,
}
