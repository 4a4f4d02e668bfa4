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

    /// <summary>
    /// Writes for a socket of the given family into storage that only this method writes, so the unused fields are zero; returns the length.
    /// An IPv6 address on an IPv4 socket is left for the kernel to refuse.
    /// </summary>
    public static unsafe uint Write(ref SocketAddressStorage storage, in TransportAddress address, bool ipv4Socket)
    {
        fixed (SocketAddressStorage* start = &storage)
        {
            byte* bytes = (byte*)start;
            *(ushort*)(bytes + 2) = BinaryPrimitives.ReverseEndianness(address.Port);
            if (ipv4Socket && address.IsIPv4)
            {
                *(ushort*)bytes = InterNetwork;
                *(uint*)(bytes + 4) = BinaryPrimitives.ReverseEndianness(address.IPv4);
                return IPv4Length;
            }

            *(ushort*)bytes = InterNetworkV6;
            *(uint*)(bytes + 4) = 0;
            WriteIp(bytes + 8, address.Ip);
            return IPv6Length;
        }
    }

    /// <summary>16 bytes in network order. The structures are laid out for little-endian machines, as x86-64 and arm64 Linux are.</summary>
    public static unsafe void WriteIp(byte* at, UInt128 ip)
    {
        *(ulong*)at = BinaryPrimitives.ReverseEndianness((ulong)(ip >> 64));
        *(ulong*)(at + 8) = BinaryPrimitives.ReverseEndianness((ulong)ip);
    }
}
