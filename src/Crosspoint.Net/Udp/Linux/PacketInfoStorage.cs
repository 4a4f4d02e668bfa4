using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>Room for one control message with an <c>in6_pktinfo</c>, which is longer than an <c>in_pktinfo</c>; aligned as control messages are.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct PacketInfoStorage
{
    public const int Size = 40;

    private readonly long _alignment;
}
