namespace Crosspoint.Rtc;

/// <summary>
/// A 16-bit RTP sequence number with the circular order of RFC 1982 / RFC 3550 A.1:
/// a number is newer when it is less than half the circle ahead.
/// </summary>
public readonly record struct SequenceNumber(ushort Value)
{
    /// <summary>The number after this one; 65535 is followed by 0.</summary>
    public SequenceNumber Next => new((ushort)(Value + 1));

    /// <summary>Signed distance from <paramref name="from"/> to <paramref name="to"/>, −32768 to 32767.</summary>
    public static int Distance(SequenceNumber from, SequenceNumber to) => (short)(ushort)(to.Value - from.Value);

    /// <summary>True when this number comes after <paramref name="other"/> on the circle.</summary>
    public bool IsNewerThan(SequenceNumber other) => Distance(other, this) > 0;

    /// <summary>Moves by <paramref name="offset"/> around the circle.</summary>
    public static SequenceNumber operator +(SequenceNumber number, int offset) => new((ushort)(number.Value + offset));

    /// <summary>Moves back by <paramref name="offset"/> around the circle.</summary>
    public static SequenceNumber operator -(SequenceNumber number, int offset) => new((ushort)(number.Value - offset));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
