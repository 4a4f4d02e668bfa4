using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>When the packets of consecutive numbers arrived, as one span: what transport-wide feedback is written from.</summary>
/// <remarks>One owner. Grows by doubling up to a bound; the oldest go when there is no more room.</remarks>
internal sealed class ArrivalLog(int maxPackets)
{
    private const int FirstCapacity = 128;

    private Instant[] _arrivals = [];
    private int _start;

    /// <summary>Number of the first.</summary>
    public long First { get; private set; }

    /// <summary>How many numbers.</summary>
    public int Count { get; private set; }

    /// <summary>The number after the last.</summary>
    public long End => First + Count;

    /// <summary>The arrivals from a number on; never for what did not arrive.</summary>
    public ReadOnlySpan<Instant> From(long number) => _arrivals.AsSpan(_start + (int)(number - First), (int)(End - number));

    /// <summary>Begins anew at a number.</summary>
    public void Restart(long number)
    {
        First = number;
        Count = 0;
        _start = 0;
    }

    /// <summary>Notes an arrival at or after <see cref="First"/>, at most the bound ahead of <see cref="End"/>; false when it is noted already.</summary>
    public bool Add(long number, Instant now)
    {
        if (number >= End)
        {
            MakeRoom(number);
            _arrivals.AsSpan(_start + Count, (int)(number - End + 1)).Fill(Instant.Never);
            Count = (int)(number - First + 1);
        }

        ref Instant slot = ref _arrivals[_start + (int)(number - First)];
        bool isNew = slot.IsNever;
        slot = isNew ? now : slot;
        return isNew;
    }

    /// <summary>Forgets what is before a number.</summary>
    public void DropBefore(long number)
    {
        int gone = (int)Math.Clamp(number - First, 0, Count);
        First += gone;
        _start += gone;
        Count -= gone;
    }

    private void MakeRoom(long number)
    {
        DropBefore(number - maxPackets + 1);
        First = Count == 0 ? Math.Max(First, number - maxPackets + 1) : First;
        int needed = (int)(number - First + 1);
        if (_start + needed <= _arrivals.Length)
        {
            return;
        }

        // Half of the room is for moving into, so that a move pays for as many arrivals as it moves.
        Instant[] into = needed * 2 <= _arrivals.Length ? _arrivals : new Instant[Math.Max(FirstCapacity, needed * 2)];
        _arrivals.AsSpan(_start, Count).CopyTo(into);
        _arrivals = into;
        _start = 0;
    }
}
