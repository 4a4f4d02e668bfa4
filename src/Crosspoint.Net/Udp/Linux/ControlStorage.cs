using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>Room for the two control messages a datagram may have: an <c>in6_pktinfo</c> (40 bytes with header and padding) and a segment size (24).</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ControlStorage
{
    public const int Size = 64;

    private readonly long _alignment;
}
