using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

// sockaddr_in     0        2        4            8
//                | family | port   | IPv4       | zero                 | 16 bytes
// sockaddr_in6    0        2        4            8                24
//                | family | port   | flow info  | IPv6           | scope | 28 bytes
// The family is in host order, port and address are in network order.

/// <summary>Between <see cref="TransportAddress"/> and the kernel's socket addresses.</summary>
internal static class LinuxAddress
{
    public const ushort InterNetwork = 2;
    public const ushort InterNetworkV6 = 10;
    public const uint IPv4Length = 16;
    public const uint IPv6Length = 28;

    public static bool TryRead(ref SocketAddressStorage storage, uint length, out TransportAddress address)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SocketAddressStorage>(in storage));
        ushort family = MemoryMarshal.Read<ushort>(bytes);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (family == InterNetworkV6 && length >= IPv6Length)
        {
            address = new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port, TransportProtocol.Udp);
            return true;
        }

        if (family == InterNetwork && length >= IPv4Length)
        {
            address = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
            return true;
        }

        address = default;
        return false;
    }

    /// <summary>Writes for a socket of the given family; returns the length. An IPv6 address on an IPv4 socket is left for the kernel to refuse.</summary>
    public static uint Write(ref SocketAddressStorage storage, in TransportAddress address, bool ipv4Socket)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SocketAddressStorage>(ref storage));
        bytes.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (ipv4Socket && address.IsIPv4)
        {
            MemoryMarshal.Write(bytes, InterNetwork);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], address.IPv4);
            return IPv4Length;
        }

        MemoryMarshal.Write(bytes, InterNetworkV6);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], address.Ip);
        return IPv6Length;
    }
}
