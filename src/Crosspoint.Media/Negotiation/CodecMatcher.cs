using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Negotiation;

/// <summary>
/// Whether two descriptions mean the same codec: name, clock, channels and the parameters that select a bitstream.
/// Levels are not compared: they bound what a receiver takes, and every browser allows them to differ (RFC 6184 §8.2.2).
/// </summary>
internal static class CodecMatcher
{
    public static bool IsRtx(string mimeType) => mimeType.EndsWith("/rtx", StringComparison.OrdinalIgnoreCase);

    public static bool IsRed(string mimeType) => string.Equals(mimeType, "audio/red", StringComparison.OrdinalIgnoreCase);

    public static bool IsFlexFec(string mimeType) => string.Equals(mimeType, "video/flexfec-03", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for what goes with a media codec and is none itself.</summary>
    public static bool IsRepair(string mimeType) => IsRtx(mimeType) || IsRed(mimeType) || IsFlexFec(mimeType);

    public static bool IsSame(CodecFacts left, CodecFacts right)
    {
        if (!string.Equals(left.MimeType, right.MimeType, StringComparison.OrdinalIgnoreCase)
            || left.ClockRate != right.ClockRate
            || (left.Channels ?? 1) != (right.Channels ?? 1))
        {
            return false;
        }

        return left.MimeType.ToUpperInvariant() switch
        {
            "VIDEO/H264" => IsSameH264(left.Parameters, right.Parameters),
            "VIDEO/VP9" => IsSameNumber(left.Parameters, right.Parameters, "profile-id"),
            "VIDEO/AV1" => IsSameNumber(left.Parameters, right.Parameters, "profile"),
            _ => true,
        };
    }

    private static bool IsSameH264(ParameterBag left, ParameterBag right) =>
        IsSameNumber(left, right, "packetization-mode")
        && H264ProfileLevelId.TryParse(left.GetText("profile-level-id") ?? H264ProfileLevelId.Default, out H264ProfileLevelId first)
        && H264ProfileLevelId.TryParse(right.GetText("profile-level-id") ?? H264ProfileLevelId.Default, out H264ProfileLevelId second)
        && first.Profile == second.Profile;

    private static bool IsSameNumber(ParameterBag left, ParameterBag right, string name) =>
        (left.GetInt32(name) ?? 0) == (right.GetInt32(name) ?? 0);
}

/// <summary>What matching looks at, from a capability or from parameters.</summary>
internal readonly record struct CodecFacts(string MimeType, int ClockRate, int? Channels, ParameterBag Parameters)
{
    public static implicit operator CodecFacts(RtpCodecCapability codec) => new(codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters);

    public static implicit operator CodecFacts(RtpCodecParameters codec) => new(codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters);
}
