using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>Foundations: equal when type, base IP, protocol and server are equal (RFC 8445 §5.1.1.3). A hash tells the peer nothing it is not told anyway.</summary>
public static class IceFoundation
{
    /// <summary>Eight hexadecimal digits.</summary>
    public static string Of(IceCandidateType type, TransportAddress address, IceTcpType tcpType = IceTcpType.None, TransportAddress server = default)
    {
        // FNV-1a over the bytes that make a foundation.
        uint hash = 2166136261;
        Span<byte> bytes = stackalloc byte[35];
        bytes[0] = (byte)type;
        bytes[1] = (byte)address.Protocol;
        bytes[2] = (byte)tcpType;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[3..], address.Ip);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[19..], server.Ip);
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash.ToString("x8");
    }
}
