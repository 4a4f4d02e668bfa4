namespace Crosspoint.Rtc.Rtcp;

/// <summary>PLI: a decoder lost pictures of a source and needs a keyframe (RFC 4585 §6.3.1).</summary>
/// <param name="SenderSsrc">Who asks.</param>
/// <param name="MediaSsrc">The source that is to send a keyframe.</param>
public readonly record struct PictureLossIndication(Ssrc SenderSsrc, Ssrc MediaSsrc)
{
    /// <summary>The feedback format.</summary>
    public const byte Format = 1;

    /// <summary>Parses a packet of kind <see cref="RtcpKind.PictureLossIndication"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out PictureLossIndication pli)
    {
        if (!FeedbackHeader.IsPresent(packet, RtcpType.PayloadSpecificFeedback, Format))
        {
            pli = default;
            return false;
        }

        pli = new PictureLossIndication(packet.SenderSsrc, FeedbackHeader.MediaSsrc(packet.Body));
        return true;
    }

    /// <summary>Appends a PLI; false when it does not fit.</summary>
    public static bool TryWrite(ref RtcpWriter writer, Ssrc sender, Ssrc media)
    {
        if (!writer.TryBegin(RtcpType.PayloadSpecificFeedback, Format, FeedbackHeader.Length, out Span<byte> body))
        {
            return false;
        }

        FeedbackHeader.Write(body, sender, media);
        return true;
    }
}
