namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>How loud a packet is (RFC 6464 §3): <c>|V| level (7) |</c>.</summary>
/// <param name="Level">In −dBov: 0 is the loudest, 127 silence.</param>
/// <param name="IsVoice">The sender believes it to be speech.</param>
public readonly record struct AudioLevel(byte Level, bool IsVoice)
{
    /// <summary>Bytes written.</summary>
    public const int Length = 1;

    /// <summary>Reads an element; in the two-byte form one byte of padding may follow.</summary>
    public static bool TryRead(ReadOnlySpan<byte> element, out AudioLevel level)
    {
        level = element.IsEmpty ? default : new AudioLevel((byte)(element[0] & 0x7F), (element[0] & 0x80) != 0);
        return element.Length is 1 or 2;
    }

    /// <summary>Writes one byte.</summary>
    public void Write(Span<byte> into) => into[0] = (byte)((IsVoice ? 0x80 : 0) | Math.Min(Level, (byte)127));
}
