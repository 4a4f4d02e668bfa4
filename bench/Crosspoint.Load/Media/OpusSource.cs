using Crosspoint.Primitives;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Load.Media;

/// <summary>Opus-shaped: 50 packets a second, sizes ±20 %, its phase within the 20 ms drawn once.</summary>
/// <remarks>Owned by the engine's thread.</remarks>
internal sealed class OpusSource(TrackDescription description, MediaProfile profile, int seed, FrameSeal? seal = null) : TrackSource(description, seed)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private const uint TicksPerPacket = 960;

    /// <inheritdoc/>
    public override void Begin(Instant now) => Due = now + (Interval * Random.NextDouble());

    /// <inheritdoc/>
    public override int WritePayload(Instant now, Span<byte> payload, out bool marker)
    {
        int length = (int)(profile.AudioPayloadBytes * (0.8 + (0.4 * Random.NextDouble())));
        Filler.AsSpan(0, length).CopyTo(payload);
        payload[0] = 0x78; // RFC 6716 §3.1: CELT, full band, 20 ms, one frame
        seal?.Write(SFrameKind.Audio, payload);
        marker = false;
        Timestamp += TicksPerPacket;
        Due += Interval;
        return length;
    }
}
