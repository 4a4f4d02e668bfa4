using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>What every feedback packet begins with (RFC 4585 §6.1): who speaks, and about which source.</summary>
internal static class FeedbackHeader
{
    public const int Length = 8;

    public static bool IsPresent(in RtcpPacket packet, RtcpType type, byte format) =>
        packet.Type == type && packet.Count == format && packet.Body.Length >= Length;

    public static Ssrc MediaSsrc(ReadOnlySpan<byte> body) => new(BinaryPrimitives.ReadUInt32BigEndian(body[4..]));

    public static void Write(Span<byte> body, Ssrc sender, Ssrc media)
    {
        BinaryPrimitives.WriteUInt32BigEndian(body, sender.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], media.Value);
    }
}
