namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>The picture id that VP8 and VP9 share: 7 bits, or 15 with the M bit set (RFC 7741 §4.2, RFC 9628 §4.2).</summary>
internal static class PictureId
{
    /// <summary>Reads one at <paramref name="at"/> and moves past it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, ref int at, out ushort id, out bool isLong)
    {
        id = 0;
        isLong = at < payload.Length && (payload[at] & 0x80) != 0;
        int length = isLong ? 2 : 1;
        if (at + length > payload.Length)
        {
            return false;
        }

        id = isLong ? (ushort)(((payload[at] & 0x7F) << 8) | payload[at + 1]) : payload[at];
        at += length;
        return true;
    }
}
