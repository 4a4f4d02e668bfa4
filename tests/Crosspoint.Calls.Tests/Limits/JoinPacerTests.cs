using Crosspoint.Calls.Limits;

namespace Crosspoint.Calls.Tests.Limits;

public sealed class JoinPacerTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly ManualTime _time = new();
    private readonly List<(JoinLane Lane, double Milliseconds)> _waited = [];
    private readonly JoinPacer _pacer;

    public JoinPacerTests() => _pacer = New(new(Interval, Burst: 2, MaxWaiting: 1000));

    public void Dispose() => _pacer.Dispose();

    [Fact]
    public async Task A_storm_comes_in_by_one_timer_at_the_rate_and_in_order()
    {
        Task<JoinVerdict>[] storm = [.. Enumerable.Range(0, 1002).Select(_ => EnterAsync())];
        for (int milliseconds = 0; milliseconds <= 10_000; milliseconds += 1000)
        {
            int admitted = 2 + (milliseconds / 10);
            await Task.WhenAll(storm[..admitted]);
            Assert.Equal(1002 - admitted, _pacer.Waiting(JoinLane.Newcomer));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(storm, verdict => Assert.Equal(JoinVerdict.Admitted, verdict.Result));
        lock (_waited)
        {
            Assert.Equal([0, 0, .. Enumerable.Range(1, 1000).Select(index => index * 10.0)], _waited.Select(one => one.Milliseconds).Order());
        }
    }

    [Fact]
    public async Task Who_closes_while_waiting_is_gone_at_once_and_the_next_moves_up()
    {
        using CancellationTokenSource leaves = new();
        _ = EnterAsync();
        _ = EnterAsync();
        Task<JoinVerdict> goes = EnterAsync(gone: leaves.Token);
        Task<JoinVerdict> stays = EnterAsync();
        await leaves.CancelAsync();
        Assert.Equal(JoinVerdict.Gone, await goes);
        Assert.Equal(1, _pacer.Waiting(JoinLane.Newcomer));
        _time.Advance(Interval);
        Assert.Equal(JoinVerdict.Admitted, await stays);
    }

    [Fact]
    public async Task Who_was_gone_before_it_waited_does_not_wait()
    {
        _ = EnterAsync();
        _ = EnterAsync();
        Assert.Equal(JoinVerdict.Gone, await EnterAsync(gone: new CancellationToken(canceled: true)));
        Assert.Equal(0, _pacer.Waiting(JoinLane.Newcomer));
    }

    [Fact]
    public async Task Who_comes_back_passes_those_who_wait()
    {
        Task<JoinVerdict>[] newcomers = [.. Enumerable.Range(0, 12).Select(_ => EnterAsync())];
        Task<JoinVerdict> returns = EnterAsync(JoinLane.Returning);
        _time.Advance(Interval);
        Assert.Equal(JoinVerdict.Admitted, await returns);
        Assert.Equal((0, 10), (_pacer.Waiting(JoinLane.Returning), _pacer.Waiting(JoinLane.Newcomer)));
        Assert.Equal(2, newcomers.Count(task => task.IsCompleted));
        lock (_waited)
        {
            Assert.Equal((JoinLane.Returning, 10), _waited[^1]);
        }
    }

    [Fact]
    public async Task Beyond_the_bound_the_answer_is_no_at_once()
    {
        using JoinPacer small = New(new(Interval, Burst: 1, MaxWaiting: 1));
        Assert.Equal(JoinVerdict.Admitted, await small.EnterAsync(JoinLane.Newcomer, default));
        Task<JoinVerdict> waits = small.EnterAsync(JoinLane.Newcomer, default).AsTask();
        Assert.Equal(JoinVerdict.Refused, await small.EnterAsync(JoinLane.Newcomer, default));
        _time.Advance(Interval);
        Assert.Equal(JoinVerdict.Admitted, await waits);
    }

    [Fact]
    public async Task Opened_it_lets_everybody_in()
    {
        Task<JoinVerdict>[] all = [.. Enumerable.Range(0, 20).Select(_ => EnterAsync())];
        _pacer.Open();
        Assert.All(await Task.WhenAll(all), verdict => Assert.Equal(JoinVerdict.Admitted, verdict));
        Assert.Equal(JoinVerdict.Admitted, await EnterAsync());
    }

    [Fact]
    public async Task Off_it_lets_everybody_in()
    {
        using JoinPacer off = New(default);
        for (int index = 0; index < 1000; index++)
        {
            Assert.Equal(JoinVerdict.Admitted, await off.EnterAsync(JoinLane.Newcomer, default));
        }
    }

    private JoinPacer New(JoinPlan plan) => new(plan, _time, (lane, time) =>
    {
        lock (_waited)
        {
            _waited.Add((lane, time.TotalMilliseconds));
        }
    });

    private Task<JoinVerdict> EnterAsync(JoinLane lane = JoinLane.Newcomer, CancellationToken gone = default) => _pacer.EnterAsync(lane, gone).AsTask();
}
