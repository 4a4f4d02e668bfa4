namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>What the first bytes of an Opus packet say (RFC 6716 §3.1).</summary>
/// <remarks>
/// <code>
/// | config (5) |s| c (2) |   frame count code 3: |v|p|     M (6)     |
/// </code>
/// </remarks>
/// <param name="Configuration">0 to 31: mode, bandwidth and frame size.</param>
/// <param name="IsStereo">Two channels.</param>
/// <param name="FrameCount">Frames in the packet, 1 to 48.</param>
/// <param name="FrameDuration">Of one frame, 2.5 to 60 ms.</param>
/// <param name="IsDiscontinuous">Too short to hold sound: the encoder is silent (DTX, RFC 7587 §3.1.3).</param>
public readonly record struct OpusPacket(byte Configuration, bool IsStereo, int FrameCount, TimeSpan FrameDuration, bool IsDiscontinuous)
{
    // A TOC byte, and one more that DTX may leave.
    private const int LongestSilence = 2;
    private const int MaxMilliseconds = 120;

    /// <summary>Of the whole packet.</summary>
    public TimeSpan Duration => FrameDuration * FrameCount;

    /// <summary>Reads a payload; false when it is empty, has no frame or lasts more than 120 ms.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out OpusPacket packet)
    {
        packet = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        int code = payload[0] & 3;
        if (code == 3 && payload.Length < 2)
        {
            return false;
        }

        int frames = code switch { 0 => 1, 3 => payload[1] & 0x3F, _ => 2 };
        byte configuration = (byte)(payload[0] >> 3);
        packet = new OpusPacket(configuration, (payload[0] & 4) != 0, frames, DurationOf(configuration), payload.Length <= LongestSilence);
        return frames > 0 && packet.Duration <= TimeSpan.FromMilliseconds(MaxMilliseconds);
    }

    // RFC 6716 table 2: SILK, hybrid, CELT.
    private static TimeSpan DurationOf(byte configuration) => configuration switch
    {
        < 12 => TimeSpan.FromMilliseconds((configuration & 3) switch { 0 => 10, 1 => 20, 2 => 40, _ => 60 }),
        < 16 => TimeSpan.FromMilliseconds((configuration & 1) == 0 ? 10 : 20),
        _ => TimeSpan.FromMicroseconds(2500 << (configuration & 3)),
    };
}
