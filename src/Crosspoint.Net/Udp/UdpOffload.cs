namespace Crosspoint.Net.Udp;

/// <summary>Whether the kernel may cut one message into datagrams and merge datagrams into one message.</summary>
public enum UdpOffload
{
    /// <summary>Where the probe found that it works.</summary>
    Auto,

    /// <summary>Never: every datagram is a kernel message of its own. For comparison, and for a network card that does it wrong.</summary>
    Off,
}
