using System.Diagnostics;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>The measurement that most scenarios are: fill one room, warm up, measure a window.</summary>
internal static class Steady
{
    /// <summary>On a fresh server.</summary>
    public static async Task<Sample> MeasureAsync(Case measured, Bench bench, RoomPlan plan, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        long begun = Stopwatch.GetTimestamp();
        await using LoadedRoom room = await Traffic.FillAsync(server, engine, plan, cancellationToken);
        double joined = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        Sample sample = await Window.MeasureAsync(engine, server.ProcessIds, bench.Options.Window, cancellationToken);
        sample[Figures.JoinSeconds] = joined;
        return sample;
    }
}
