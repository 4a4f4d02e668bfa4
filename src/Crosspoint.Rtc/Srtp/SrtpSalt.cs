using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Srtp;

/// <summary>A session salt, kept as the two words that it is xored with.</summary>
/// <remarks>
/// <code>
/// RFC 7714 §8.1   | 0 (2) | SSRC (4) | ROC (4) | SEQ (2) |            xor salt (12)
/// RFC 7714 §9.1   | 0 (2) | SSRC (4) | 0 (2)   | 0, index (4) |       xor salt (12)
/// RFC 3711 §4.1.1 | 0 (4) | SSRC (4) | index (6) | block counter (2) |       xor salt (14) · 2^16
/// </code>
/// </remarks>
internal struct SrtpSalt
{
    private ulong _high;
    private ulong _low;

    /// <param name="salt">12 bytes for GCM, 14 for counter mode.</param>
    public SrtpSalt(ReadOnlySpan<byte> salt)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        salt.CopyTo(padded);
        _high = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _low = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        padded.Clear();
    }

    /// <summary>The nonce of an RTP index (48 bits) or of an RTCP index (31 bits): 12 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void WriteNonce(Span<byte> nonce, uint ssrc, long index)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce, ((ulong)ssrc << 16 | (ulong)(index >> 32)) ^ _high);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], (uint)index ^ (uint)(_low >> 32));
    }

    /// <summary>The first counter block of an RTP or RTCP index: 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void WriteCounter(Span<byte> counter, uint ssrc, long index)
    {
        BinaryPrimitives.WriteUInt64BigEndian(counter, ssrc ^ _high);
        BinaryPrimitives.WriteUInt64BigEndian(counter[8..], ((ulong)index << 16) ^ _low);
    }

    /// <summary>Overwrites it.</summary>
    public void Wipe() => (_high, _low) = (0, 0);
}
