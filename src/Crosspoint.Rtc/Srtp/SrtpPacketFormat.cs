using System.Buffers.Binary;

namespace Crosspoint.Rtc.Srtp;

/// <summary>The few fields of RTP and RTCP that SRTP itself reads; they are never encrypted.</summary>
internal static class SrtpPacketFormat
{
    public const int RtpFixedHeaderLength = 12;
    public const int RtcpHeaderLength = 8;

    public static ushort RtpSequence(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

    public static uint RtpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);

    public static uint RtcpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
}
