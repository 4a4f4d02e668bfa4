using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>A view of one RTCP packet inside a compound: common header and body without padding.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P| count/fmt |     type      |   length in words, less one   |
/// </code>
/// </remarks>
public readonly ref struct RtcpPacket
{
    /// <summary>Bytes of the common header.</summary>
    public const int HeaderLength = 4;

    internal RtcpPacket(RtcpType type, byte count, ReadOnlySpan<byte> body)
    {
        Type = type;
        Count = count;
        Body = body;
    }

    /// <summary>The packet type.</summary>
    public RtcpType Type { get; }

    /// <summary>The five bits that are a count or a feedback format, 0 to 31.</summary>
    public byte Count { get; }

    /// <summary>What follows the common header, without padding; a multiple of 4 bytes.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>What the packet is, by type and format.</summary>
    public RtcpKind Kind => Type switch
    {
        RtcpType.SenderReport => RtcpKind.SenderReport,
        RtcpType.ReceiverReport => RtcpKind.ReceiverReport,
        RtcpType.SourceDescription => RtcpKind.SourceDescription,
        RtcpType.Bye => RtcpKind.Bye,
        RtcpType.ExtendedReport => RtcpKind.ExtendedReport,
        RtcpType.TransportLayerFeedback => Count switch
        {
            GenericNack.Format => RtcpKind.GenericNack,
            TransportFeedback.Format => RtcpKind.TransportFeedback,
            _ => RtcpKind.Unknown,
        },
        RtcpType.PayloadSpecificFeedback => Count switch
        {
            PictureLossIndication.Format => RtcpKind.PictureLossIndication,
            FullIntraRequest.Format => RtcpKind.FullIntraRequest,
            ReceiverEstimatedMaximumBitrate.Format when ReceiverEstimatedMaximumBitrate.IsRemb(Body) => RtcpKind.ReceiverEstimatedMaximumBitrate,
            _ => RtcpKind.Unknown,
        },
        _ => RtcpKind.Unknown,
    };

    /// <summary>The SSRC at the front of the body, which most types have as their sender; <see cref="Ssrc.None"/> when the body is empty.</summary>
    public Ssrc SenderSsrc => Body.Length >= 4 ? new(BinaryPrimitives.ReadUInt32BigEndian(Body)) : Ssrc.None;
}
