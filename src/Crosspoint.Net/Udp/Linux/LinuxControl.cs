using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

// cmsghdr      0              8       12     16
//             | length       | level | type | data, then zeros up to a multiple of 8
// in_pktinfo                                 16          20            24
//                                           | interface | our address | address in the header | 28 bytes
// in6_pktinfo                                16            32
//                                           | our address | interface | 36 bytes
// UDP_SEGMENT                                16
//                                           | bytes of a segment, 16 bits | 18 bytes
// UDP_GRO                                    16
//                                           | bytes of a segment, 32 bits | 20 bytes
// Lengths and numbers are in host order, addresses in network order. ip(7), RFC 3542 §6, udp(7).

/// <summary>The control messages beside a datagram: which of our addresses it was sent to or shall come from, and how long its segments are.</summary>
internal static unsafe class LinuxControl
{
    public const int UdpLevel = 17;
    public const int UdpSegment = 103;
    public const int UdpReceiveOffload = 104;

    private const int HeaderSize = 16;
    private const int IpLevel = 0;
    private const int IpPacketInfo = 8;
    private const int IPv6Level = 41;
    private const int IPv6PacketInfo = 50;
    private const nuint IPv4InfoLength = 28;
    private const nuint IPv6InfoLength = 36;
    private const nuint SegmentLength = 18;
    private const nuint SegmentSpace = 24;

    /// <summary>The bytes of a packet info message with its padding; a segment size lies behind it.</summary>
    public static nuint PacketInfoSpace(bool ipv4Socket) => Space(ipv4Socket ? IPv4InfoLength : IPv6InfoLength);

    /// <summary>Once: what stays the same in every message that is sent from here.</summary>
    public static void Wire(byte* control, bool ipv4Socket)
    {
        WriteHeader(
            control,
            ipv4Socket ? IPv4InfoLength : IPv6InfoLength,
            ipv4Socket ? IpLevel : IPv6Level,
            ipv4Socket ? IpPacketInfo : IPv6PacketInfo);
        WriteHeader(control + PacketInfoSpace(ipv4Socket), SegmentLength, UdpLevel, UdpSegment);
    }

    /// <summary>
    /// Writes what a message needs into wired storage; the control messages begin at the answer and are so many bytes long, null for none.
    /// The interface stays open: routing knows it.
    /// </summary>
    public static byte* Write(byte* control, in TransportAddress from, int segmentBytes, bool ipv4Socket, out nuint length)
    {
        nuint infoSpace = PacketInfoSpace(ipv4Socket);
        bool withInfo = !from.IsUnspecified;
        if (withInfo && ipv4Socket)
        {
            *(uint*)(control + HeaderSize + 4) = BinaryPrimitives.ReverseEndianness(from.IPv4);
        }
        else if (withInfo)
        {
            LinuxAddress.WriteIp(control + HeaderSize, from.Ip);
        }

        if (segmentBytes != 0)
        {
            *(ushort*)(control + infoSpace + HeaderSize) = (ushort)segmentBytes;
        }

        length = (withInfo ? infoSpace : 0) + (segmentBytes != 0 ? SegmentSpace : 0);
        return length == 0 ? null : withInfo ? control : control + infoSpace;
    }

    /// <summary>
    /// Reads what the kernel wrote; <paramref name="local"/> and <paramref name="segmentBytes"/> stay as they are when it did not say.
    /// Never reads beyond <paramref name="control"/>, whatever is in it.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> control, ref TransportAddress local, ref int segmentBytes)
    {
        while (control.Length >= HeaderSize)
        {
            ulong length = MemoryMarshal.Read<ulong>(control);
            if (length < HeaderSize || length > (ulong)control.Length)
            {
                return;
            }

            ReadOnlySpan<byte> data = control[HeaderSize..(int)length];
            switch (MemoryMarshal.Read<int>(control[8..]), MemoryMarshal.Read<int>(control[12..]))
            {
                case (IPv6Level, IPv6PacketInfo) when data.Length >= 20:
                    local = new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(data), local.Port, TransportProtocol.Udp);
                    break;
                case (IpLevel, IpPacketInfo) when data.Length >= 12:
                    local = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), local.Port);
                    break;
                case (UdpLevel, UdpReceiveOffload) when data.Length >= 4:
                    segmentBytes = MemoryMarshal.Read<int>(data);
                    break;
                default:
                    break;
            }

            control = control[(int)Math.Min(Space((nuint)length), (nuint)control.Length)..];
        }
    }

    private static nuint Space(nuint length) => (length + 7) & ~(nuint)7;

    private static void WriteHeader(byte* at, nuint length, int level, int type)
    {
        *(nuint*)at = length;
        *(int*)(at + 8) = level;
        *(int*)(at + 12) = type;
    }
}
