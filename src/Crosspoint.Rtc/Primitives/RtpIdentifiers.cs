namespace Crosspoint.Rtc;

/// <summary>A synchronisation source identifier (RFC 3550 §3). Zero is legal on the wire but never assigned by us.</summary>
public readonly record struct Ssrc(uint Value)
{
    /// <summary>No source.</summary>
    public static readonly Ssrc None;

    /// <inheritdoc/>
    public override string ToString() => $"{Value:x8}";
}

/// <summary>An RTP payload type, 0 to 127 (RFC 3550 §5.1).</summary>
public readonly record struct PayloadType(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
