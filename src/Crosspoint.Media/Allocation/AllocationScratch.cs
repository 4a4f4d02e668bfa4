using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>Room for one allotment, used by all transports of a router one after another.</summary>
/// <remarks>One owner: the router's thread. Grows to the most videos that one transport is sent.</remarks>
internal sealed class AllocationScratch(AllocationOptions options)
{
    // Rates are measured over payloads; headers and what is around them are a few percent of full packets.
    private const double HeaderShare = 1.06;

    private static readonly TimeSpan MeasureInterval = TimeSpan.FromMilliseconds(50);

    private const int MaxTemporals = 4;
    private const int MaxSpatials = 4;

    private AllocationRow[] _rows = new AllocationRow[8];
    private Consumer[] _consumers = new Consumer[8];
    private int _count;

    /// <summary>The allocator.</summary>
    public BitrateAllocator Allocator { get; } = new(options);

    /// <summary>One row for each video that is to be sent something.</summary>
    public Span<AllocationRow> Rows => _rows.AsSpan(0, _count);

    /// <summary>Whose they are.</summary>
    public ReadOnlySpan<Consumer> Consumers => _consumers.AsSpan(0, _count);

    /// <summary>What all that is sent now costs.</summary>
    public long CurrentCost()
    {
        long cost = 0;
        foreach (ref readonly AllocationRow row in Rows)
        {
            cost += row.Current < 0 ? 0 : row.Ladder[row.Current].Rate.BitsPerSecond;
        }

        return cost;
    }

    /// <summary>What the lowest layers of all cost, with the room it takes to begin them.</summary>
    public long BaseCost => CostOf(isWhole: false);

    /// <summary>What the smallest pictures of all cost at all their frame rate, with the room it takes to begin them.</summary>
    public long SmallestPicturesCost => CostOf(isWhole: true);

    /// <summary>Makes rows of what a transport wants now.</summary>
    public void Collect(Instant now, RouterTransport transport)
    {
        Array.Clear(_consumers, 0, _count);
        _count = 0;
        foreach (Consumer consumer in transport.ConsumerList)
        {
            bool isWanted = consumer.Producer.IsVideo
                && consumer.State is not (ConsumerState.Paused or ConsumerState.Closed)
                && consumer.Wish.Suspension is Suspension.None or Suspension.Bandwidth;
            if (isWanted && !consumer.Producer.IsPaused)
            {
                Add(now, consumer);
            }
        }
    }

    private void Add(Instant now, Consumer consumer)
    {
        if (_count == _rows.Length)
        {
            Array.Resize(ref _rows, _count * 2);
            Array.Resize(ref _consumers, _count * 2);
        }

        ref ConsumerWish wish = ref consumer.Wish;
        LayerLadder ladder = Measure(now, consumer.Producer, wish);
        _rows[_count] = new AllocationRow
        {
            Ladder = ladder,
            Priority = wish.Priority,
            Current = CurrentOf(ladder, wish.Given),
            MayRise = wish.Hysteresis.MayRise(now),
            Moving = MovingOf(ladder, consumer.Producer.Layers),
        };
        _consumers[_count++] = consumer;
    }

    private long CostOf(bool isWhole)
    {
        double cost = 0;
        foreach (ref readonly AllocationRow row in Rows)
        {
            cost += (isWhole ? row.Ladder.SmallestPicture : row.Ladder.Base).BitsPerSecond * (1 + options.Headroom);
        }

        return (long)Math.Ceiling(cost);
    }

    // Who is sent a layer that has just gone is sent the least there is, not nothing.
    private static int CurrentOf(in LayerLadder ladder, LayerId? given) =>
        given is null || ladder.Count == 0 ? -1 : Math.Max(0, ladder.IndexOf(given));

    // Every temporal layer doubles the pictures a second.
    private static int MovingOf(in LayerLadder ladder, LayerBitrates layers)
    {
        int step = 0;
        while (step + 1 < ladder.Count && ladder[step + 1].Layer.Spatial == ladder[0].Layer.Spatial && FrameRateOf(ladder[step].Layer, layers) < StreamLayers.LeastMotion)
        {
            step++;
        }

        return step;
    }

    private static double FrameRateOf(LayerId layer, LayerBitrates layers) => layers.FrameRate(layer.Spatial) / (1 << Math.Max(0, layers.TemporalCount - 1 - layer.Temporal));

    private LayerLadder Measure(Instant now, Producer producer, in ConsumerWish wish)
    {
        // Many subscribers ask for the same within a moment.
        if (now - producer.Layers.MeasuredAt >= MeasureInterval)
        {
            producer.Layers.Refresh(now);
        }

        Span<Bitrate> rates = stackalloc Bitrate[MaxSpatials * MaxTemporals];
        Span<int> keyFrames = stackalloc int[MaxSpatials];
        bool mayHalve = wish.HalfSince.IsNever || now - wish.HalfSince < options.MaxHalfTime;
        uint halves = mayHalve && wish.Given is { } given ? 1u << given.Spatial : 0;
        int temporals = Math.Clamp(producer.Layers.TemporalCount, 1, MaxTemporals);
        int spatials = Math.Clamp(producer.Layers.SpatialCount, 1, MaxSpatials);
        for (int spatial = 0; spatial < spatials; spatial++)
        {
            halves |= producer.Layers.FrameRate(spatial) / 2 >= options.LeastFrameRate ? 1u << spatial : 0;
            keyFrames[spatial] = (int)(producer.Layers.KeyFrameBytes(spatial) * HeaderShare);
            for (int temporal = 0; temporal < temporals; temporal++)
            {
                Bitrate rate = producer.Layers[new LayerId((byte)spatial, (byte)temporal)];
                rates[(spatial * temporals) + temporal] = new Bitrate((long)(rate.BitsPerSecond * HeaderShare));
            }
        }

        return LayerLadder.Build(rates[..(spatials * temporals)], temporals, wish.Preferred, keyFrames[..spatials], halves);
    }
}
