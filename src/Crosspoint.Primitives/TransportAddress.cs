using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Crosspoint.Primitives;

/// <summary>
/// A transport address (RFC 8445 §4): IP address, port and protocol, as a value that hashes without allocating.
/// IPv4 is kept in its IPv6-mapped form, so that <c>192.0.2.1</c> and <c>::ffff:192.0.2.1</c> are equal,
/// as they are on a dual-stack socket. Scope ids are not kept.
/// </summary>
public readonly record struct TransportAddress(UInt128 Ip, ushort Port, TransportProtocol Protocol)
{
    // ::ffff:0:0/96, RFC 4291 §2.5.5.2.
    private static readonly UInt128 MappedPrefix = new(0, 0x0000_FFFF_0000_0000);
    private static readonly UInt128 MappedMask = ~(UInt128)uint.MaxValue;

    /// <summary>The absent address: all zero.</summary>
    public static readonly TransportAddress None;

    /// <summary>True when the address is <see cref="None"/> (no port, no IP).</summary>
    public bool IsNone => Ip == UInt128.Zero && Port == 0;

    /// <summary>True for 0.0.0.0 and ::, which stand for every address of the host.</summary>
    public bool IsUnspecified => Ip == UInt128.Zero || Ip == MappedPrefix;

    /// <summary>True when the IP is an IPv4 one.</summary>
    public bool IsIPv4 => (Ip & MappedMask) == MappedPrefix;

    /// <summary>From an IPv4 address in host order, for example 0x7F000001 for 127.0.0.1.</summary>
    public static TransportAddress FromIPv4(uint ip, ushort port, TransportProtocol protocol = TransportProtocol.Udp) =>
        new(MappedPrefix | ip, port, protocol);

    /// <summary>From 4 or 16 address bytes in network order.</summary>
    /// <exception cref="ArgumentException">The length is neither 4 nor 16.</exception>
    public static TransportAddress FromBytes(ReadOnlySpan<byte> ip, ushort port, TransportProtocol protocol = TransportProtocol.Udp) => ip.Length switch
    {
        4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(ip), port, protocol),
        16 => new(BinaryPrimitives.ReadUInt128BigEndian(ip), port, protocol),
        _ => throw new ArgumentException("An IP address has 4 or 16 bytes.", nameof(ip)),
    };

    /// <summary>From the framework's types.</summary>
    public static TransportAddress From(IPAddress ip, int port, TransportProtocol protocol = TransportProtocol.Udp)
    {
        ArgumentNullException.ThrowIfNull(ip);
        Span<byte> bytes = stackalloc byte[16];
        return ip.TryWriteBytes(bytes, out int written)
            ? FromBytes(bytes[..written], checked((ushort)port), protocol)
            : throw new ArgumentException("The address has no bytes.", nameof(ip));
    }

    /// <summary>From the framework's types.</summary>
    public static TransportAddress From(IPEndPoint endpoint, TransportProtocol protocol = TransportProtocol.Udp)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return From(endpoint.Address, endpoint.Port, protocol);
    }

    /// <summary>The IPv4 address in host order; only meaningful when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)(ulong)Ip;

    /// <summary>Writes the IP in network order: 4 bytes for IPv4, otherwise 16. Returns the count.</summary>
    public int WriteIp(Span<byte> into)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into, IPv4);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(into, Ip);
        return 16;
    }

    /// <summary>The IP as the framework's type (allocates; not for the packet path).</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteIp(bytes)]);
    }

    /// <summary>As the framework's type (allocates; not for the packet path).</summary>
    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    /// <summary>A good spread at the cost of a few multiplications; the demultiplexer hashes one of these per packet.</summary>
    public override int GetHashCode()
    {
        ulong low = (ulong)Ip;
        ulong high = (ulong)(Ip >> 64);
        ulong mix = (low ^ (high * 0x9E37_79B9_7F4A_7C15)) + ((ulong)Port << 17) + (ulong)Protocol;
        mix *= 0xD6E8_FEB8_6659_FD93;
        return (int)(mix >> 32);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Ip == UInt128.Zero ? "[::]" : Family() == AddressFamily.InterNetwork ? ToIPAddress().ToString() : $"[{ToIPAddress()}]")}:{Port}/{(Protocol == TransportProtocol.Udp ? "udp" : "tcp")}";

    private AddressFamily Family() => IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
}
