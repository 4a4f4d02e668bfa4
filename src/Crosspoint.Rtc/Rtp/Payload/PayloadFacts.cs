namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>What a forwarder must know of a packet's payload without decoding it.</summary>
[Flags]
public enum PayloadFlags : ushort
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>A keyframe begins here; a receiver can begin here too.</summary>
    KeyFrame = 1,

    /// <summary>The first packet of a frame.</summary>
    StartOfFrame = 2,

    /// <summary>The last packet of a frame, or of one of its spatial layers.</summary>
    EndOfFrame = 4,

    /// <summary>No other frame refers to this one.</summary>
    Discardable = 8,

    /// <summary>A receiver of lower layers can go up to this layer here.</summary>
    SwitchingPoint = 16,
}

/// <summary>The facts of one packet.</summary>
/// <param name="Flags">What it is.</param>
/// <param name="SpatialLayer">Its spatial layer, 0 where there are none.</param>
/// <param name="TemporalLayer">Its temporal layer, 0 where there are none.</param>
/// <param name="Width">Of the frame in pixels when the packet says so, otherwise 0.</param>
/// <param name="Height">Of the frame in pixels when the packet says so, otherwise 0.</param>
public readonly record struct PayloadFacts(PayloadFlags Flags, byte SpatialLayer = 0, byte TemporalLayer = 0, ushort Width = 0, ushort Height = 0)
{
    /// <summary>A keyframe begins here.</summary>
    public bool IsKeyFrame => (Flags & PayloadFlags.KeyFrame) != PayloadFlags.None;

    /// <summary>The first packet of a frame.</summary>
    public bool IsStartOfFrame => (Flags & PayloadFlags.StartOfFrame) != PayloadFlags.None;

    /// <summary>The last packet of a frame or layer.</summary>
    public bool IsEndOfFrame => (Flags & PayloadFlags.EndOfFrame) != PayloadFlags.None;

    internal static PayloadFlags When(bool condition, PayloadFlags flags) => condition ? flags : PayloadFlags.None;
}
