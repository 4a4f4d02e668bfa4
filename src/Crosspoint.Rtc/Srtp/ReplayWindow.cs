using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// Which of the last 1,024 packet indices were seen (RFC 3711 §3.3.2 asks for at least 64).
/// 1,024 is half a second of a 20 Mbit/s stream, more reordering than a playable stream can have.
/// A ring of bits, addressed by the index itself, so that moving on clears only what is passed.
/// </summary>
internal struct ReplayWindow
{
    public const int Size = 1024;

    private long _highestPlusOne; // zero: nothing seen
    private Bits _bits;

    /// <summary>The highest index seen; −1 before the first.</summary>
    public readonly long Highest => _highestPlusOne - 1;

    /// <summary>May a packet of this index come in? Asked before authentication, changes nothing.</summary>
    public readonly SrtpResult Check(long index)
    {
        if (index > Highest)
        {
            return SrtpResult.Ok;
        }

        if (Highest - index >= Size)
        {
            return SrtpResult.TooOld;
        }

        return (_bits[Word(index)] & Bit(index)) != 0 ? SrtpResult.Replayed : SrtpResult.Ok;
    }

    /// <summary>Remembers an index that <see cref="Check"/> allowed. Only after authentication: a forger must not move the window.</summary>
    public void Commit(long index)
    {
        if (index > Highest)
        {
            Forget(Highest + 1, index - 1); // its own bit is set below
            _highestPlusOne = index + 1;
        }

        _bits[Word(index)] |= Bit(index);
    }

    private static int Word(long index) => (int)(index & (Size - 1)) >> 6;

    private static ulong Bit(long index) => 1UL << (int)(index & 63);

    private void Forget(long from, long to)
    {
        if (to - from >= Size - 1)
        {
            _bits = default;
            return;
        }

        for (var index = from; index <= to; index++)
        {
            _bits[Word(index)] &= ~Bit(index);
        }
    }

    [InlineArray(Size / 64)]
    private struct Bits
    {
        private ulong _first;
    }
}
