namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>The payload formats whose facts we can read.</summary>
public enum PayloadFormat : byte
{
    /// <summary>Any other; nothing is known of its packets.</summary>
    Opaque = 0,

    /// <summary>RFC 7587.</summary>
    Opus,

    /// <summary>RFC 7741.</summary>
    Vp8,

    /// <summary>RFC 9628.</summary>
    Vp9,

    /// <summary>RFC 6184.</summary>
    H264,

    /// <summary>RTP Payload Format For AV1, v1.0.</summary>
    Av1,
}

/// <summary>Reads the facts of a payload by its format.</summary>
public static class PayloadReader
{
    /// <summary>The facts of one packet; false when the payload is empty or breaks its format.</summary>
    /// <param name="format">The negotiated format.</param>
    /// <param name="payload">The payload without padding.</param>
    /// <param name="marker">The packet's marker bit.</param>
    /// <param name="facts">What is known.</param>
    public static bool TryRead(PayloadFormat format, ReadOnlySpan<byte> payload, bool marker, out PayloadFacts facts)
    {
        switch (format)
        {
            case PayloadFormat.Opus:
                bool opus = OpusPacket.TryRead(payload, out _);
                facts = new(PayloadFlags.KeyFrame | PayloadFlags.StartOfFrame | PayloadFlags.EndOfFrame);
                return opus;
            case PayloadFormat.Vp8:
                bool vp8 = Vp8Descriptor.TryRead(payload, out Vp8Descriptor vp8Descriptor);
                facts = vp8 ? vp8Descriptor.GetFacts(payload, marker) : default;
                return vp8;
            case PayloadFormat.Vp9:
                bool vp9 = Vp9Descriptor.TryRead(payload, out Vp9Descriptor vp9Descriptor);
                facts = vp9 ? vp9Descriptor.GetFacts() : default;
                return vp9;
            case PayloadFormat.H264:
                return H264Packet.TryRead(payload, marker, out facts);
            case PayloadFormat.Av1:
                return Av1Packet.TryRead(payload, marker, out facts);
            default:
                facts = default;
                return !payload.IsEmpty;
        }
    }
}
