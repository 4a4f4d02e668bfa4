using System.Buffers;

namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>Identifiers in header extensions: MID (RFC 9143), RID and repaired RID (RFC 8852), as ASCII.</summary>
public static class StreamIdentifier
{
    /// <summary>The most bytes we take: as many as the one-byte form holds.</summary>
    public const int MaxLength = 16;

    private static readonly SearchValues<byte> Alphanumeric = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);
    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~0123456789"u8);

    /// <summary>True for a MID: an SDP token (RFC 8866 §9).</summary>
    public static bool IsMid(ReadOnlySpan<byte> element) => IsOf(element, Token);

    /// <summary>True for a RID. RFC 8852 §3 allows letters and digits; browsers also take what RFC 8851 allows, hyphen and underscore.</summary>
    public static bool IsRid(ReadOnlySpan<byte> element)
    {
        if (element.IsEmpty || element.Length > MaxLength)
        {
            return false;
        }

        foreach (byte value in element)
        {
            if (!Alphanumeric.Contains(value) && value is not ((byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOf(ReadOnlySpan<byte> element, SearchValues<byte> allowed) =>
        !element.IsEmpty && element.Length <= MaxLength && element.IndexOfAnyExcept(allowed) < 0;
}
