using System.Diagnostics;
using System.Globalization;
using Crosspoint.Load.CallsDoor;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>Half an hour at 70 % of what the core carries: memory and handles must stay, and the packet path must cause no collection of the oldest generation.</summary>
internal sealed class SoakScenario : Scenario
{
    private const int Watchers = 100;
    private const double Share = 0.7;
    private const string Collections = "crosspoint_gc_collections_total";
    private const string Heap = "crosspoint_gc_heap_bytes";
    private const string Committed = "crosspoint_gc_committed_bytes";
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override string Name => "soak";

    /// <inheritdoc/>
    public override bool IsInFullRun => false;

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) =>
        server == "crosspoint" ? [new Case(Name, server, SrtpProfile.AeadAes128Gcm, 1, Watchers)] : [];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest started = await bench.StartAsync(measured, cancellationToken);
        CrosspointServer server = (CrosspointServer)started;
        using LoadEngine engine = bench.NewEngine();
        RoomPlan plan = new(Name, measured.Profile, 1, Watchers, SaturateScenario.Media) { Probes = 2 };
        await using LoadedRoom room = await Traffic.FillAsync(server, engine, plan, cancellationToken);
        room.SetMegabits(5);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        (double most, _) = await new Ramp(engine, server, room.SetMegabits).FindAsync(8, 100, cancellationToken);
        room.SetMegabits(most * Share);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);

        double oldBefore = PrometheusText.Sum(await server.MetricsAsync(cancellationToken), Collections, "\"2\"");
        Trend trend = new(server.ProcessIds[0]);
        Task<Trend> watching = WatchAsync(trend, server, (CrosspointRoom)room.Room, bench.Options.Soak, cancellationToken);
        Sample sample = await Window.MeasureAsync(engine, server.ProcessIds, bench.Options.Soak, cancellationToken);
        await watching;
        sample[Figures.Gen2Collections] = PrometheusText.Sum(await server.MetricsAsync(cancellationToken), Collections, "\"2\"") - oldBefore;
        sample[Figures.RssSlopeMbPerHour] = trend.ResidentMbPerHour;
        sample[Figures.Handles] = trend.Handles;
        sample[Figures.HandlesGrowth] = trend.HandlesGrowth;
        return sample;
    }

    private static async Task<Trend> WatchAsync(Trend trend, CrosspointServer server, CrosspointRoom room, TimeSpan length, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(begun) < length; i++)
        {
            trend.Read(Stopwatch.GetElapsedTime(begun));
            if (i % 6 == 0)
            {
                await room.PingAllAsync(cancellationToken);
                Say(Stopwatch.GetElapsedTime(begun), trend, await server.MetricsAsync(cancellationToken));
            }

            await Task.Delay(ReadInterval, cancellationToken);
        }

        return trend;
    }

    // What grows shows where: in the heap's objects, in what the heap keeps, or outside of it.
    private static void Say(TimeSpan since, Trend trend, string metrics)
    {
        double heap = PrometheusText.Sum(metrics, Heap) / 1048576;
        double committed = PrometheusText.Sum(metrics, Committed) / 1048576;
        Bench.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"  {since.TotalMinutes:0.0} min: {trend.ResidentMb:0.0} MB (heap {heap:0.0} of {committed:0.0}), {trend.Handles:0} handles, {PrometheusText.Sum(metrics, Collections):0} collections, {PrometheusText.Sum(metrics, Collections, "\"2\""):0} of generation 2"));
    }
}
