namespace Crosspoint.Rtc.Demux;

/// <summary>What a datagram on a WebRTC socket claims to be, by its first bytes.</summary>
public enum PacketClass : byte
{
    /// <summary>Nothing we speak, or too short to tell.</summary>
    Unknown = 0,

    /// <summary>STUN (RFC 8489).</summary>
    Stun = 1,

    /// <summary>A DTLS record (RFC 6347).</summary>
    Dtls = 2,

    /// <summary>TURN ChannelData (RFC 8656 §12.4).</summary>
    TurnChannel = 3,

    /// <summary>RTP or SRTP.</summary>
    Rtp = 4,

    /// <summary>RTCP or SRTCP.</summary>
    Rtcp = 5,
}

/// <summary>Splits what shares one port (RFC 7983 §7, RFC 5761 §4). Looks at two bytes, promises nothing about the rest.</summary>
public static class PacketClassifier
{
    private const int RtpHeaderLength = 12;
    private const int RtcpHeaderLength = 8;
    private const int DtlsRecordHeaderLength = 13;
    private const int StunHeaderLength = 20;
    private const int ChannelDataHeaderLength = 4;

    /// <summary>The class of a datagram; <see cref="PacketClass.Unknown"/> when it is shorter than that class's smallest header.</summary>
    public static PacketClass Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < ChannelDataHeaderLength)
        {
            return PacketClass.Unknown;
        }

        // First byte: 0–3 STUN, 16–19 ZRTP, 20–63 DTLS, 64–79 TURN channel, 128–191 RTP/RTCP; the rest is unassigned (RFC 7983 figure 3).
        return datagram[0] switch
        {
            <= 3 => AtLeast(datagram, StunHeaderLength, PacketClass.Stun),
            >= 20 and <= 63 => AtLeast(datagram, DtlsRecordHeaderLength, PacketClass.Dtls),
            >= 64 and <= 79 => PacketClass.TurnChannel,
            >= 128 and <= 191 => RtpOrRtcp(datagram),
            _ => PacketClass.Unknown,
        };
    }

    // RFC 5761 §4 — RTCP packet types 192–223 are RTP payload types 64–95 with the marker set, which multiplexed sessions do not use.
    private static PacketClass RtpOrRtcp(ReadOnlySpan<byte> datagram) => datagram[1] is >= 192 and <= 223
        ? AtLeast(datagram, RtcpHeaderLength, PacketClass.Rtcp)
        : AtLeast(datagram, RtpHeaderLength, PacketClass.Rtp);

    private static PacketClass AtLeast(ReadOnlySpan<byte> datagram, int length, PacketClass packetClass) =>
        datagram.Length >= length ? packetClass : PacketClass.Unknown;
}
