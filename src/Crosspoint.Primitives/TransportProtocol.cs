namespace Crosspoint.Primitives;

/// <summary>What carries a datagram between two transport addresses (RFC 8445 §4).</summary>
public enum TransportProtocol : byte
{
    /// <summary>UDP: one datagram is one packet.</summary>
    Udp = 0,

    /// <summary>TCP with the framing of RFC 4571: a 16-bit length before each packet.</summary>
    Tcp = 1,
}
