using System.Numerics;
using System.Runtime.InteropServices;

namespace Crosspoint.Rtc.Fec;

/// <summary>The exclusive or of packets, a vector at a time.</summary>
internal static class FecParity
{
    /// <summary>Folds <paramref name="source"/> into the front of <paramref name="parity"/>.</summary>
    /// <exception cref="ArgumentException">The parity is shorter.</exception>
    public static void Fold(Span<byte> parity, ReadOnlySpan<byte> source)
    {
        parity = parity[..source.Length];
        int vectors = source.Length / Vector<byte>.Count;
        Span<Vector<byte>> into = MemoryMarshal.Cast<byte, Vector<byte>>(parity)[..vectors];
        ReadOnlySpan<Vector<byte>> from = MemoryMarshal.Cast<byte, Vector<byte>>(source)[..vectors];
        for (int i = 0; i < into.Length; i++)
        {
            into[i] ^= from[i];
        }

        for (int i = vectors * Vector<byte>.Count; i < source.Length; i++)
        {
            parity[i] ^= source[i];
        }
    }
}
