using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>
/// Shares what one subscriber's network carries among its videos, round by round: everybody's lowest layer before anybody's next, by
/// priority within a round; a higher priority comes to its next rounds sooner. What does not fit is left out, never squeezed in; what a video that
/// is not seen at all needs, and soon may get, is kept for it.
/// </summary>
/// <remarks>
/// <para>
/// It holds still: what a video has it keeps as long as all fits but for a small tolerance; what it does not have it gets with some
/// room to spare, from what is left or from those who have come more rounds further. So nothing that is given in one call is taken
/// back in the next while the rates stay what they are.
/// </para>
/// <para>A function over rows: it keeps nothing but room to work in. One owner.</para>
/// </remarks>
public sealed class BitrateAllocator(AllocationOptions options)
{
    private const long NearFactor = 2; // what is further away may never fit

    // The best key first: round, then priority, then the row's place.
    private readonly PriorityQueue<int, long> _next = new();

    /// <summary>Fills in what each row is granted.</summary>
    /// <param name="keep">What may be kept of what there is, for all rows together; audio and repair are paid already.</param>
    /// <param name="rise">What all may cost together after somebody rises.</param>
    /// <param name="begin">What all may cost together after somebody gets something who has nothing; no less than <paramref name="rise"/>.</param>
    /// <param name="rows">The videos.</param>
    public void Allocate(Bitrate keep, Bitrate rise, Bitrate begin, Span<AllocationRow> rows)
    {
        long left = rise.BitsPerSecond - Keep(keep, rows);
        long extra = Math.Max(0, begin.BitsPerSecond - rise.BitsPerSecond);
        _next.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            Propose(rows[i], i, rows[i].MayHave(rows[i].Granted + 1) || rows[i].Granted < 0);
        }

        while (_next.TryDequeue(out int index, out long key))
        {
            ref AllocationRow row = ref rows[index];
            long more = CostOf(row, row.Granted + 1);
            long price = more + RoomFor(row, row.Granted + 1, more) - (row.Granted < 0 && row.Current < 0 ? extra : 0);
            if (!row.MayHave(row.Granted + 1) || (price > left && !TryReclaim(rows, key, price, ref left)))
            {
                // Kept for one that is not seen, where that will soon be enough: others would have to give it back.
                bool isKept = row.Granted < 0 && (!row.MayRise || price <= left * NearFactor);
                left -= isKept ? price : 0;
                continue;
            }

            left -= more;
            row.Granted++;
            Propose(row, index, !row.IsReduced);
        }
    }

    // What there is, as long as it fits: the rates of encoders breathe. Returns what it costs.
    private long Keep(Bitrate budget, Span<AllocationRow> rows)
    {
        _next.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Granted = -1;
            rows[i].IsReduced = false;
            Propose(rows[i], i, rows[i].Current >= 0);
        }

        double most = budget.BitsPerSecond / (1 - options.Tolerance);
        long spent = 0;
        while (_next.TryDequeue(out int index, out _))
        {
            ref AllocationRow row = ref rows[index];
            long more = CostOf(row, row.Granted + 1);
            if (spent + more > most)
            {
                row.IsReduced = true;
                continue;
            }

            spent += more;
            row.Granted++;
            Propose(row, index, row.Granted < row.Current);
        }

        return spent;
    }

    // Takes the last steps of those who are further than the one who asks, the furthest first; nothing when even that is not enough.
    private static bool TryReclaim(Span<AllocationRow> rows, long key, long price, ref long left)
    {
        long within = left;
        foreach (ref readonly AllocationRow row in rows)
        {
            for (int step = row.Granted; step >= 0 && IsFurther(row, step, key); step--)
            {
                within += CostOf(row, step);
            }
        }

        if (within < price)
        {
            return false;
        }

        while (left < price)
        {
            int furthest = FindFurthest(rows, key);
            left += CostOf(rows[furthest], rows[furthest].Granted);
            rows[furthest].Granted--;
            rows[furthest].IsReduced = true;
        }

        return true;
    }

    private static int FindFurthest(ReadOnlySpan<AllocationRow> rows, long key)
    {
        int furthest = -1;
        for (int i = 0; i < rows.Length; i++)
        {
            bool isFurther = rows[i].Granted >= 0 && IsFurther(rows[i], rows[i].Granted, key);
            if (isFurther && (furthest < 0 || KeyOf(rows[i], rows[i].Granted, i) > KeyOf(rows[furthest], rows[furthest].Granted, furthest)))
            {
                furthest = i;
            }
        }

        return furthest;
    }

    // What must be free besides: for what encoders leave their mean by, and for the keyframe of a larger picture, which others may ask for at any time.
    private long RoomFor(in AllocationRow row, int step, long more)
    {
        bool isLarger = step > 0 && row.Ladder[step].Layer.Spatial > row.Ladder[step - 1].Layer.Spatial;
        return (long)Math.Max(more * options.Headroom, isLarger ? KeyFrameRoom(row.Ladder[step]) : 0);
    }

    /// <summary>What must be free besides a larger picture so that its keyframe is made up for in time, bit/s.</summary>
    internal double KeyFrameRoom(in LayerStep step)
    {
        double rate = step.Rate.BitsPerSecond;
        double least = rate * options.KeyFrameShare;
        return Math.Clamp(step.KeyFrameBytes * 8 / options.KeyFrameTime.TotalSeconds, least, Math.Max(least, rate * options.MaxKeyFrameShare));
    }

    private static bool IsFurther(in AllocationRow row, int step, long key) => KeyOf(row, step, 0) >> 24 > key >> 24;

    private void Propose(in AllocationRow row, int index, bool may)
    {
        if (may && row.Granted + 1 < row.Ladder.Count)
        {
            _next.Enqueue(index, KeyOf(row, row.Granted + 1, index));
        }
    }

    private static long CostOf(in AllocationRow row, int step) =>
        row.Ladder[step].Rate.BitsPerSecond - (step == 0 ? 0 : row.Ladder[step - 1].Rate.BitsPerSecond);

    private static long KeyOf(in AllocationRow row, int step, int index)
    {
        // Nothing is half of one.
        int weight = row.Priority == 0 ? 1 : 2 * row.Priority;
        long round = step == 0 ? 0 : 1 + (row.Ladder[step].Level * 512L / weight);
        return (round << 32) | ((long)(255 - row.Priority) << 24) | (uint)Math.Min(index, 0xFF_FFFF);
    }
}
