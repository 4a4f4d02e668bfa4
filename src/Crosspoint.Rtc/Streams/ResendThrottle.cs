using System.Numerics;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Streams;

/// <summary>
/// Keeps one receiver from being sent the same packet again before the last copy can have arrived:
/// its NACKs overtake our answers, and a hostile one repeats them.
/// </summary>
/// <remarks>
/// One owner. A small table by sequence number; two numbers that share a slot forget each other, which lets one copy too many pass.
/// </remarks>
public sealed class ResendThrottle
{
    private readonly int _mask;
    private Slot[]? _slots; // made by the first NACK: most receivers never send one

    /// <summary>Begins empty.</summary>
    /// <param name="slots">Numbers remembered; rounded up to a power of two. Default 256, 4 KiB per receiver.</param>
    public ResendThrottle(int slots = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots, 1 << 15);
        _mask = (int)BitOperations.RoundUpToPowerOf2((uint)slots) - 1;
    }

    /// <summary>True when the packet may be sent (again); then it counts as sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sequence">The number the receiver asked for.</param>
    /// <param name="roundTripTime">How long a copy needs to arrive and its arrival to show.</param>
    public bool TryPass(Instant now, SequenceNumber sequence, TimeSpan roundTripTime) => TryPass(now, sequence, roundTripTime, out _);

    /// <inheritdoc cref="TryPass(Instant, SequenceNumber, TimeSpan)"/>
    /// <param name="now">The time.</param>
    /// <param name="sequence">The number the receiver asked for.</param>
    /// <param name="roundTripTime">How long a copy needs to arrive and its arrival to show.</param>
    /// <param name="isAgain">A copy was sent before, and is asked for again.</param>
    public bool TryPass(Instant now, SequenceNumber sequence, TimeSpan roundTripTime, out bool isAgain)
    {
        _slots ??= new Slot[_mask + 1];
        ref Slot slot = ref _slots[sequence.Value & _mask];
        isAgain = slot.Used && slot.Sequence == sequence;
        if (isAgain && now - slot.SentAt < roundTripTime)
        {
            return false;
        }

        slot = new Slot(now, sequence, true);
        return true;
    }

    private readonly record struct Slot(Instant SentAt, SequenceNumber Sequence, bool Used);
}
