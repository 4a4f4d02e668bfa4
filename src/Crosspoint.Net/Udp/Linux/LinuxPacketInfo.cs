using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

// cmsghdr      0              8       12     16
//             | length       | level | type | data
// in_pktinfo                                 16          20            24
//                                           | interface | our address | address in the header | 28 bytes
// in6_pktinfo                                16            32
//                                           | our address | interface | 36 bytes
// Lengths and numbers are in host order, addresses in network order. ip(7), RFC 3542 §6.

/// <summary>The control message that tells which of our addresses a datagram was sent to, and from which one to send.</summary>
internal static class LinuxPacketInfo
{
    private const int IpLevel = 0;
    private const int IpPacketInfo = 8;
    private const int IPv6Level = 41;
    private const int IPv6PacketInfo = 50;
    private const nuint IPv4Length = 28;
    private const nuint IPv6Length = 36;

    /// <summary>Reads what the kernel wrote; false when it wrote nothing of the kind.</summary>
    public static bool TryRead(ref PacketInfoStorage storage, nuint length, ushort port, out TransportAddress local)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<PacketInfoStorage>(in storage));
        (int level, int type) = length < IPv4Length ? (-1, -1) : (MemoryMarshal.Read<int>(bytes[8..]), MemoryMarshal.Read<int>(bytes[12..]));
        if (level == IPv6Level && type == IPv6PacketInfo && length >= IPv6Length)
        {
            local = new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]), port, TransportProtocol.Udp);
            return true;
        }

        if (level == IpLevel && type == IpPacketInfo)
        {
            local = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]), port);
            return true;
        }

        local = default;
        return false;
    }

    /// <summary>Writes for a socket of the given family; returns the length. The interface stays open: routing knows it.</summary>
    public static nuint Write(ref PacketInfoStorage storage, in TransportAddress from, bool ipv4Socket)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<PacketInfoStorage>(ref storage));
        bytes.Clear();
        nuint length = ipv4Socket ? IPv4Length : IPv6Length;
        MemoryMarshal.Write(bytes, length);
        MemoryMarshal.Write(bytes[8..], ipv4Socket ? IpLevel : IPv6Level);
        MemoryMarshal.Write(bytes[12..], ipv4Socket ? IpPacketInfo : IPv6PacketInfo);
        if (ipv4Socket)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], from.IPv4);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], from.Ip);
        }

        return length;
    }
}
