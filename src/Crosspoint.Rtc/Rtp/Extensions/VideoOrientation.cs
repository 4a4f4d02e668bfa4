namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>How a picture is to be shown (3GPP TS 26.114 §7.4.5): <c>|0 0 0 0 C F R1 R0|</c>.</summary>
/// <param name="QuarterTurns">Clockwise quarter turns to make it upright, 0 to 3.</param>
/// <param name="IsFlipped">Mirrored horizontally.</param>
/// <param name="IsBackCamera">Taken by the camera that faces away from the user.</param>
public readonly record struct VideoOrientation(byte QuarterTurns, bool IsFlipped, bool IsBackCamera)
{
    /// <summary>Bytes written.</summary>
    public const int Length = 1;

    /// <summary>Reads an element.</summary>
    public static bool TryRead(ReadOnlySpan<byte> element, out VideoOrientation orientation)
    {
        bool sound = element.Length == Length;
        orientation = sound ? new((byte)(element[0] & 3), (element[0] & 4) != 0, (element[0] & 8) != 0) : default;
        return sound;
    }

    /// <summary>Writes one byte.</summary>
    public void Write(Span<byte> into) => into[0] = (byte)((IsBackCamera ? 8 : 0) | (IsFlipped ? 4 : 0) | (QuarterTurns & 3));
}
