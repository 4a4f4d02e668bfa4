namespace Crosspoint.Rtc;

/// <summary>A 32-bit RTP timestamp in units of the stream's clock rate, on a circle like <see cref="SequenceNumber"/>.</summary>
public readonly record struct RtpTimestamp(uint Value)
{
    /// <summary>Signed distance in clock units from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public static int Distance(RtpTimestamp from, RtpTimestamp to) => (int)(to.Value - from.Value);

    /// <summary>True when this timestamp comes after <paramref name="other"/> on the circle.</summary>
    public bool IsNewerThan(RtpTimestamp other) => Distance(other, this) > 0;

    /// <summary>Moves by <paramref name="offset"/> clock units around the circle.</summary>
    public static RtpTimestamp operator +(RtpTimestamp timestamp, uint offset) => new(timestamp.Value + offset);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
