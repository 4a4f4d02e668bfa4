using System.Diagnostics;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>The measurement that most scenarios are: fill one room, warm up until everybody gets everything, measure a window.</summary>
internal static class Steady
{
    // Some pictures long: a stream that is sent at all has come in it.
    private static readonly TimeSpan FlowInterval = TimeSpan.FromMilliseconds(500);

    // Where it takes longer, what is measured says so.
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(30);

    /// <summary>On a fresh server.</summary>
    public static async Task<Sample> MeasureAsync(Case measured, Bench bench, RoomPlan plan, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        long begun = Stopwatch.GetTimestamp();
        await using LoadedRoom room = await Traffic.FillAsync(server, engine, plan, cancellationToken);
        double joined = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double settled = await WarmUpAsync(engine, bench.Options.WarmUp, cancellationToken);
        Sample sample = await Window.MeasureAsync(engine, server.ProcessIds, bench.Options.Window, cancellationToken);
        sample[Figures.JoinSeconds] = joined;
        sample[Figures.SettleSeconds] = settled;
        return sample;
    }

    // The first time of that length in which everything came to everybody; says when it began. A receiver for whom little is known to fit is
    // begun small or for a while not at all, and what it missed would count as lost in the window.
    private static async Task<double> WarmUpAsync(LoadEngine engine, TimeSpan length, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        TimeSpan flowsSince = TimeSpan.Zero;
        await engine.SnapshotAsync();
        for (TimeSpan now = TimeSpan.Zero; now < LongestWarmUp && now - flowsSince < length; now = Stopwatch.GetElapsedTime(begun))
        {
            await Task.Delay(FlowInterval, cancellationToken);
            flowsSince = (await engine.SnapshotAsync()).IdleStreams > 0 ? Stopwatch.GetElapsedTime(begun) : flowsSince;
        }

        return flowsSince.TotalSeconds;
    }
}
