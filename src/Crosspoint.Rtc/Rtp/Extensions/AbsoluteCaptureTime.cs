using System.Buffers.Binary;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>When the first sample of a packet was captured, by the capturer's wallclock: 64 bits NTP, and optionally 64 bits of clock offset.</summary>
/// <param name="Captured">By the capturer's clock.</param>
/// <param name="ClockOffset">Signed 32.32 fixed-point seconds from the sender's clock to the capturer's; null when absent.</param>
public readonly record struct AbsoluteCaptureTime(NtpTimestamp Captured, long? ClockOffset)
{
    /// <summary>Bytes written: 8, or 16 with an offset.</summary>
    public int Length => ClockOffset is null ? 8 : 16;

    /// <summary>Reads an element.</summary>
    public static bool TryRead(ReadOnlySpan<byte> element, out AbsoluteCaptureTime time)
    {
        bool sound = element.Length is 8 or 16;
        time = sound
            ? new(new(BinaryPrimitives.ReadUInt64BigEndian(element)), element.Length == 16 ? BinaryPrimitives.ReadInt64BigEndian(element[8..]) : null)
            : default;
        return sound;
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into, Captured.Value);
        if (ClockOffset is long offset)
        {
            BinaryPrimitives.WriteInt64BigEndian(into[8..], offset);
        }
    }
}
