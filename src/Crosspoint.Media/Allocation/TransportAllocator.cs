using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>When one subscriber's videos are allotted anew, and what follows from it: targets of consumers, events, and what to look for by probes.</summary>
/// <remarks>One owner: the router's thread.</remarks>
internal sealed class TransportAllocator(RouterTransport transport)
{
    private const double PressingFactor = 1.5; // of the longest wait: soon the pacer gives up what waits

    // Given to me.
    private readonly AllocationOptions _options = transport.Router.Options.Allocation;

    // State.
    private Instant _ranAt = Instant.Never;
    private Instant _due = Instant.Zero;
    private Bitrate _ranWith;
    private bool _wasStartup;
    private Shortage _shortage = new();
    private RiseLimit _limit = new();
    private Instant _fellAt = Instant.Never;

    /// <summary>When it has something to do though nothing happened; never while the transport is sent no video.</summary>
    public Instant NextTimeout => _due;

    /// <summary>What could be used at most: audio, repair and the best layers wanted, with the room it takes to rise to them.</summary>
    public Bitrate Wanted { get; private set; }

    /// <summary>True while a video is not sent at all for want of bandwidth.</summary>
    public bool IsStarving { get; private set; }

    /// <summary>What the present targets cost, audio and repair with them.</summary>
    public Bitrate Given { get; private set; }

    /// <summary>Somebody wants more or less, came or went.</summary>
    public void Invalidate(Instant now) => _due = _ranAt.IsNever ? now : Instant.Min(_due, Instant.Max(now, _ranAt + _options.Interval));

    /// <summary>A picture of a video did not leave in time: the keyframe it needs is of a smaller one.</summary>
    public void HandleGivenUp(Instant now, Consumer consumer)
    {
        if (consumer.Wish.Given is { Spatial: > 0 } given)
        {
            LayerId most = consumer.Wish.Preferred ?? LayerId.Highest;
            LayerId smaller = new((byte)(given.Spatial - 1), (byte)Math.Min((int)most.Temporal, consumer.Producer.TemporalCount - 1));
            consumer.Wish.Hysteresis.HandleFall(now, _options);
            Give(now, consumer, smaller, isStartup: false);
        }
    }

    /// <summary>Allots if it is time: at once when there is less, soon when there is clearly more, now and then because rates move.</summary>
    /// <param name="now">The present.</param>
    /// <param name="input">What is known of the network.</param>
    public void Run(Instant now, in AllocationInput input)
    {
        Bitrate target = input.Target;
        bool isLate = input.Waited >= _options.MostWait && now - _ranAt >= _options.Interval;
        bool isLess = target < Wanted && (target < _ranWith || isLate || input.Foreseen >= _options.MostForeseen);
        bool isMore = target.BitsPerSecond >= _ranWith.BitsPerSecond * (1 + _options.EstimateStep) && _ranWith < Wanted && !_ranAt.IsNever && now - _ranAt >= _options.Interval;
        if (now < _due && !isLess && !isMore && input.IsStartup == _wasStartup)
        {
            return;
        }

        (_ranAt, _ranWith, _wasStartup) = (now, target, input.IsStartup);
        AllocationScratch scratch = transport.Router.Scratch;
        long budget = Math.Max(0, target.BitsPerSecond - input.Reserved.BitsPerSecond);
        scratch.Collect(now, transport);
        if (scratch.Consumers.IsEmpty)
        {
            (_due, Wanted, Given, IsStarving) = (Instant.Never, input.Reserved, input.Reserved, false);
            return;
        }

        if (input.IsStartup)
        {
            budget = StartupBudget(budget, input, scratch);
        }

        Allot(now, new Bitrate(budget), input, scratch);
    }

    // Lowest layers are sent whatever they cost, and no larger picture until something came back: where to begin is a guess, and what it takes too much
    // is a queue that everything after it waits in.
    private long StartupBudget(long budget, in AllocationInput input, AllocationScratch scratch)
    {
        bool isGuess = input.CanProbe && input.Target.BitsPerSecond <= transport.Router.Options.Bandwidth.Start.BitsPerSecond * (1 + _options.EstimateStep);
        budget = Math.Max(budget, Math.Min(scratch.BaseCost, (input.Target.BitsPerSecond * _options.StartupFactor) - input.Reserved.BitsPerSecond));
        return isGuess ? Math.Min(budget, scratch.SmallestPicturesCost) : budget;
    }

    private void Allot(Instant now, Bitrate budget, in AllocationInput input, AllocationScratch scratch)
    {
        bool isHeld = !TryGrant(now, budget, input, scratch);
        (long given, double wanted) = (input.Reserved.BitsPerSecond, input.Reserved.BitsPerSecond);
        Instant next = Instant.Min(now + _options.IdleInterval, _shortage.NextTimeout(_options));
        IsStarving = false;
        Bitrate before = new(scratch.CurrentCost());
        for (int i = 0; i < scratch.Rows.Length; i++)
        {
            ref AllocationRow row = ref scratch.Rows[i];
            Consumer consumer = scratch.Consumers[i];
            if (row.Ladder.Count == 0)
            {
                Begin(now, consumer);
                continue;
            }

            int step = isHeld ? row.Current : consumer.Wish.Hysteresis.Settle(now, row.Current, row.Granted, row.GrantedAtOnce, input.HasShownLimit, _options);
            if (step > row.Current)
            {
                _limit.HandleRise(now, before);
            }

            IsStarving |= step < 0;
            Give(now, consumer, step < 0 ? null : row.Ladder[step].Layer, input.IsStartup);
            NoteHalf(now, ref consumer.Wish, row.Ladder, step);
            given += step < 0 ? 0 : row.Ladder[step].Rate.BitsPerSecond;
            wanted += row.Ladder.Top.BitsPerSecond * (1 + _options.Headroom);
            if (step < row.Ladder.Count - 1)
            {
                // Less than the keyframe needs besides would be looked for in vain.
                LayerStep top = row.Ladder[row.Ladder.Count - 1];
                bool isLarger = step >= 0 && row.Ladder[step].Layer.Spatial < top.Layer.Spatial;
                wanted += isLarger ? Math.Max(0, scratch.Allocator.KeyFrameRoom(top) - (top.Rate.BitsPerSecond * _options.Headroom)) : 0;
                next = Instant.Min(next, Instant.Max(consumer.Wish.Hysteresis.NextTimeout(now, _options), now + _options.Interval));
            }
        }

        (Given, Wanted, _due) = (new Bitrate(given), new Bitrate((long)wanted), next);
    }

    // False when nothing is to change: what is too much for a moment is kept, and nobody rises meanwhile. What is too much for longer is given
    // up, and not tried again soon.
    private bool TryGrant(Instant now, Bitrate budget, in AllocationInput input, AllocationScratch scratch)
    {
        Bitrate cost = new(scratch.CurrentCost());
        bool isTooMuch = cost > budget;
        bool isLong = _shortage.Update(now, cost.BitsPerSecond, budget.BitsPerSecond, _options) || input.Foreseen >= _options.MostForeseen || input.Waited + input.Queue >= _options.MostWait;
        Bitrate most = _limit.Most(now, budget, _options);
        Bitrate keep = isTooMuch && isLong ? GiveUp(now, cost, budget, input) : isTooMuch ? cost : budget;
        if (isTooMuch && keep >= cost)
        {
            return false;
        }

        scratch.Allocator.Allocate(keep, most, _limit.MostToBegin(now, budget, most, _options), scratch.Rows);
        return true;
    }

    // A little at a time where there is a little too much, so that it shows whether that was enough.
    private Bitrate GiveUp(Instant now, Bitrate cost, Bitrate budget, in AllocationInput input)
    {
        bool isOther = budget.BitsPerSecond < cost.BitsPerSecond * _options.FailureShare;
        TimeSpan patience = input.Delay < _options.MostWait * PressingFactor ? _options.FallInterval : _options.FallInterval / 2;
        if (!isOther && !_fellAt.IsNever && now - _fellAt < patience)
        {
            return cost;
        }

        _fellAt = now;
        _shortage.Relieve(_options);
        if (input.HasShownLimit)
        {
            _limit.HandleFall(now, cost, _options);
        }

        Bitrate less = new((long)(cost.BitsPerSecond * (1 - _options.GiveUpShare)));
        return isOther || less < budget ? budget : less;
    }

    // Nothing of it has come yet, so nobody knows what it costs: the lowest layer is the least that can be wrong.
    private static void Begin(Instant now, Consumer consumer)
    {
        LayerId most = consumer.Wish.Preferred ?? LayerId.Highest;
        if (consumer.Wish.Given is null)
        {
            consumer.SetTarget(now, most with { Spatial = 0 });
            Tell(consumer, Suspension.None);
        }
    }

    private static void Give(Instant now, Consumer consumer, LayerId? layer, bool isStartup)
    {
        bool hadSome = consumer.Wish.Given is not null;
        consumer.Wish.Given = layer;
        consumer.SetTarget(now, layer);

        // Until the first probes came back, nobody knows that there is too little.
        if (layer is not null || hadSome || !isStartup)
        {
            Tell(consumer, layer is null ? Suspension.Bandwidth : Suspension.None);
        }
    }

    private static void NoteHalf(Instant now, ref ConsumerWish wish, in LayerLadder ladder, int step)
    {
        bool isHalf = step >= 0 && step + 1 < ladder.Count && ladder[step + 1].Layer.Spatial == ladder[step].Layer.Spatial;
        wish.HalfSince = wish.HalfSince.While(isHalf, now);
    }

    private static void Tell(Consumer consumer, Suspension suspension)
    {
        if (consumer.Wish.Suspension == suspension)
        {
            return;
        }

        consumer.Wish.Suspension = suspension;
        consumer.Transport.Router.Raise(new RouterEvent { Kind = RouterEventKind.Starved, Consumer = consumer, Suspension = suspension });
    }
}
