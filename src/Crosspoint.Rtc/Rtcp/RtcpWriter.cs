using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>
/// Appends RTCP packets to a caller's span; each packet type writes itself through <see cref="TryBegin"/>.
/// A packet that does not fit is not begun, so what is written is always a sound compound.
/// </summary>
public ref struct RtcpWriter(Span<byte> into)
{
    private readonly Span<byte> _into = into;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that are still free.</summary>
    public readonly int Free => _into.Length - Length;

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _into[..Length];

    /// <summary>Writes a common header and hands out the body to be filled, cleared.</summary>
    /// <param name="type">The packet type.</param>
    /// <param name="count">The count or feedback format, 0 to 31.</param>
    /// <param name="bodyLength">Bytes after the common header, a multiple of 4.</param>
    /// <param name="body">Where they go.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count or length cannot be expressed.</exception>
    public bool TryBegin(RtcpType type, int count, int bodyLength, out Span<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, 31u, nameof(count));
        ArgumentOutOfRangeException.ThrowIfNotEqual(bodyLength & 3, 0, nameof(bodyLength));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bodyLength, (uint)ushort.MaxValue * 4, nameof(bodyLength));
        if (Free < RtcpPacket.HeaderLength + bodyLength)
        {
            body = default;
            return false;
        }

        Span<byte> at = _into[Length..];
        at[0] = (byte)(0x80 | count);
        at[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)(bodyLength / 4));
        body = at.Slice(RtcpPacket.HeaderLength, bodyLength);
        body.Clear();
        Length += RtcpPacket.HeaderLength + bodyLength;
        return true;
    }
}
