namespace Crosspoint.Media.Plans;

/// <summary>The codecs the router knows how to look into.</summary>
public enum MediaCodec : byte
{
    /// <summary>Opus, RFC 7587.</summary>
    Opus,

    /// <summary>VP8, RFC 7741.</summary>
    Vp8,

    /// <summary>VP9, RFC 9628.</summary>
    Vp9,

    /// <summary>H.264, RFC 6184.</summary>
    H264,

    /// <summary>AV1, the AOM payload format 1.0.</summary>
    Av1,
}
