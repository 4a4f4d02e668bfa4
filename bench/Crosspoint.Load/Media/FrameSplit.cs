namespace Crosspoint.Load.Media;

/// <summary>
/// How libwebrtc's packetizer cuts a frame: as few packets as its limit allows, of sizes that differ by a byte at most, the larger ones last.
/// </summary>
/// <param name="FrameBytes">The encoded frame.</param>
/// <param name="Packets">How many packets it takes.</param>
internal readonly record struct FrameSplit(int FrameBytes, int Packets)
{
    /// <summary>Cuts a frame for packets of at most <paramref name="maxBytes"/> each.</summary>
    public static FrameSplit Of(int frameBytes, int maxBytes) => new(frameBytes, Math.Max(1, (frameBytes + maxBytes - 1) / maxBytes));

    /// <summary>Bytes of the frame in packet <paramref name="index"/>.</summary>
    public int Bytes(int index) => (FrameBytes / Packets) + (index >= Packets - (FrameBytes % Packets) ? 1 : 0);
}
