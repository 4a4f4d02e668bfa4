using System.Buffers.Binary;

namespace Crosspoint.Rtc.Stun;

/// <summary>The 96-bit transaction id (RFC 8489 §5): unpredictable, so that an off-path attacker cannot forge a response.</summary>
public readonly record struct StunTransactionId(uint High, ulong Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 12;

    /// <summary>Draws a new id.</summary>
    public static StunTransactionId Create(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[Length];
        random.Fill(bytes);
        return Read(bytes);
    }

    /// <summary>Reads 12 bytes.</summary>
    public static StunTransactionId Read(ReadOnlySpan<byte> from) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(from), BinaryPrimitives.ReadUInt64BigEndian(from[4..]));

    /// <summary>Writes 12 bytes.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32BigEndian(into, High);
        BinaryPrimitives.WriteUInt64BigEndian(into[4..], Low);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{High:x8}{Low:x16}";
}
