using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// SSRC → <see cref="SrtpSource"/>: open addressing with linear probing, at most half full, bounded, nothing is ever removed.
/// Allocates only when it grows. A reference stays good until the next <see cref="Add"/>.
/// </summary>
internal sealed class SrtpSourceTable(int limit)
{
    private static readonly SrtpSource[] Empty = new SrtpSource[1]; // never written: one more than none is more than half of it

    private SrtpSource[] _slots = Empty;

    public int Count { get; private set; }

    public bool IsFull => Count >= limit;

    /// <summary>The state of an SSRC, or a null reference.</summary>
    public ref SrtpSource Find(uint ssrc)
    {
        ref var slot = ref Probe(_slots, ssrc);
        return ref slot.IsUsed ? ref slot : ref Unsafe.NullRef<SrtpSource>();
    }

    /// <summary>Makes the state of an SSRC that <see cref="Find"/> did not find.</summary>
    public ref SrtpSource Add(uint ssrc)
    {
        if (IsFull)
        {
            throw new InvalidOperationException("the source table is full");
        }

        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
        }

        ref var slot = ref Probe(_slots, ssrc);
        slot.Ssrc = ssrc;
        slot.IsUsed = true;
        Count++;
        return ref slot;
    }

    private static ref SrtpSource Probe(SrtpSource[] slots, uint ssrc)
    {
        var mask = slots.Length - 1;
        var at = (int)((ssrc * 0x9E3779B1u) >> 8) & mask; // Fibonacci hashing: near SSRCs land apart
        while (slots[at].IsUsed && slots[at].Ssrc != ssrc)
        {
            at = (at + 1) & mask;
        }

        return ref slots[at];
    }

    private void Grow()
    {
        var larger = new SrtpSource[_slots.Length * 2];
        foreach (ref var source in _slots.AsSpan())
        {
            if (source.IsUsed)
            {
                Probe(larger, source.Ssrc) = source;
            }
        }

        _slots = larger;
    }
}
