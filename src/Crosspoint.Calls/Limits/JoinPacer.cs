using Crosspoint.Primitives;

namespace Crosspoint.Calls.Limits;

/// <summary>Lets sockets in at a pace, so that a storm of joins leaves the cores and the garbage collector room for the calls that go on.</summary>
/// <remarks>Any thread; one lock, held for a few instructions, and one timer however many wait.</remarks>
internal sealed class JoinPacer : IDisposable
{
    // given to me
    private readonly TimeProvider _time;
    private readonly Action<JoinLane, TimeSpan> _onWaited;

    // made by me
    private readonly Lock _gate = new();
    private readonly JoinQueue<Waiter> _queue;
    private readonly ITimer _timer;
    private readonly long _startedAt;

    // state
    private bool _isOpen;

    /// <summary>With nobody waiting.</summary>
    /// <param name="plan">How fast.</param>
    /// <param name="time">Whose clock and timer.</param>
    /// <param name="onWaited">Told how long everybody waited who came in; any thread.</param>
    internal JoinPacer(JoinPlan plan, TimeProvider time, Action<JoinLane, TimeSpan> onWaited)
    {
        (_time, _onWaited) = (time, onWaited);
        _queue = new(plan);
        _isOpen = !plan.IsOn;
        _startedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => LetIn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private Instant Now => new(_time.GetElapsedTime(_startedAt).Ticks);

    /// <summary>How many wait in a line.</summary>
    internal int Waiting(JoinLane lane)
    {
        lock (_gate)
        {
            return _queue.Waiting(lane);
        }
    }

    /// <summary>Waits until it is somebody's turn.</summary>
    /// <param name="lane">As what they come.</param>
    /// <param name="gone">Cancelled when they no longer wait: their place is given up at once.</param>
    /// <returns>Admitted, refused or gone; never waiting.</returns>
    internal ValueTask<JoinVerdict> EnterAsync(JoinLane lane, CancellationToken gone)
    {
        Waiter waiter;
        JoinVerdict verdict;
        lock (_gate)
        {
            Instant now = Now;
            waiter = new(lane, now);
            bool first = _queue.NextTimeout.IsNever;
            verdict = _isOpen ? JoinVerdict.Admitted : _queue.Enter(now, lane, waiter, out waiter.Ticket);
            waiter.LetInAt = now;
            if (verdict == JoinVerdict.Waiting && first)
            {
                Schedule(now); // the others' turn does not come before the first one's
            }
        }

        return verdict == JoinVerdict.Waiting ? new(WaitAsync(waiter, gone)) : new(Tell(verdict, waiter));
    }

    /// <summary>Lets everybody in who waits or comes from now on: the door is about to close, and says so to each.</summary>
    internal void Open()
    {
        lock (_gate)
        {
            _isOpen = true;
            Instant now = Now;
            while (_queue.TryTakeAnyway(out Waiter waiter))
            {
                waiter.LetInAt = now;
                waiter.Result.SetResult(JoinVerdict.Admitted);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        Open();
    }

    private async Task<JoinVerdict> WaitAsync(Waiter waiter, CancellationToken gone)
    {
        await using (gone.UnsafeRegister(_ => GiveUp(waiter), null))
        {
            return Tell(await waiter.Result.Task, waiter);
        }
    }

    private JoinVerdict Tell(JoinVerdict verdict, Waiter waiter)
    {
        if (verdict == JoinVerdict.Admitted)
        {
            _onWaited(waiter.Lane, waiter.LetInAt - waiter.Since);
        }

        return verdict;
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (_queue.Leave(waiter.Ticket!))
            {
                waiter.Result.SetResult(JoinVerdict.Gone);
            }
        }
    }

    // The timer's. Late it lets in whoever should have been by now, so that the rate is kept.
    private void LetIn()
    {
        lock (_gate)
        {
            Instant now = Now;
            while (_queue.TryTake(now, out Waiter waiter))
            {
                waiter.LetInAt = now;
                waiter.Result.SetResult(JoinVerdict.Admitted);
            }

            Schedule(now);
        }
    }

    // Rounded up to what timers count in: one that fires too early would only be set again.
    private void Schedule(Instant now)
    {
        Instant next = _queue.NextTimeout;
        TimeSpan wait = next.IsNever ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((next - now).TotalMilliseconds)));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private sealed class Waiter(JoinLane lane, Instant since)
    {
        internal LinkedListNode<Waiter>? Ticket;

        internal Instant LetInAt;

        internal JoinLane Lane { get; } = lane;

        internal Instant Since { get; } = since;

        internal TaskCompletionSource<JoinVerdict> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
