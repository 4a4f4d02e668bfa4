using System.Globalization;

namespace Crosspoint.Media.Negotiation;

/// <summary>H.264 profiles that are told apart when codecs are matched (ITU-T H.264 annex A.2).</summary>
internal enum H264Profile
{
    ConstrainedBaseline,
    Baseline,
    Main,
    ConstrainedHigh,
    High,
    PredictiveHigh444,
}

/// <summary>The <c>profile-level-id</c> of RFC 6184 §8.1: profile_idc, profile_iop and level_idc in hexadecimal.</summary>
internal readonly record struct H264ProfileLevelId(H264Profile Profile, byte Level, string Text)
{
    // profile_idc; which profile_iop bits count; what they must be. From RFC 6184 table 5.
    private static readonly (byte Idc, byte Mask, byte Value, H264Profile Profile)[] Patterns =
    [
        (0x42, 0x4F, 0x40, H264Profile.ConstrainedBaseline),
        (0x4D, 0x8F, 0x80, H264Profile.ConstrainedBaseline),
        (0x58, 0xCF, 0xC0, H264Profile.ConstrainedBaseline),
        (0x42, 0x4F, 0x00, H264Profile.Baseline),
        (0x58, 0xCF, 0x80, H264Profile.Baseline),
        (0x4D, 0xAF, 0x00, H264Profile.Main),
        (0x64, 0xFF, 0x00, H264Profile.High),
        (0x64, 0xFF, 0x0C, H264Profile.ConstrainedHigh),
        (0xF4, 0xFF, 0x00, H264Profile.PredictiveHigh444),
    ];

    /// <summary>What browsers mean when they say nothing: constrained baseline, level 3.1.</summary>
    public const string Default = "42e01f";

    public static bool TryParse(string text, out H264ProfileLevelId result)
    {
        result = default;
        if (text.Length != 6 || !int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bits))
        {
            return false;
        }

        byte idc = (byte)(bits >> 16);
        byte iop = (byte)(bits >> 8);
        foreach ((byte patternIdc, byte mask, byte value, H264Profile profile) in Patterns)
        {
            if (idc == patternIdc && (iop & mask) == value)
            {
                result = new(profile, (byte)bits, text);
                return true;
            }
        }

        return false;
    }
}
