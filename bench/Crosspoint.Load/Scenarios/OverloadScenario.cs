using System.Diagnostics;
using Crosspoint.Load.CallsDoor;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// Ten seconds of half as much again as the core carries (a tenth more only makes larger batches, which are cheaper): what the server drops it must count,
/// the control plane must answer, another room must still be a call, memory must not grow, and a second after the load fell nothing may be lost any more.
/// </summary>
internal sealed class OverloadScenario : Scenario
{
    private const int Watchers = 100;
    private const double Excess = 1.5;
    private const string Drops = "crosspoint_media_dropped_packets_total";
    private static readonly TimeSpan Overload = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RecoveryStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override string Name => "overload";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) =>
        server == "crosspoint" ? [new Case(Name, server, SrtpProfile.AeadAes128Gcm, 2, Watchers + 3) { IsSupporting = true }] : [];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest started = await bench.StartAsync(measured, cancellationToken);
        CrosspointServer server = (CrosspointServer)started;
        using LoadEngine engine = bench.NewEngine();
        await using LoadedRoom big = await Traffic.FillAsync(server, engine, new RoomPlan(Name, measured.Profile, 1, Watchers, SaturateScenario.Media), cancellationToken);
        RoomPlan smallPlan = new(Name + "-small", measured.Profile, 1, 3, MediaProfile.Video(0.5)) { Seed = 2, Probes = 2 };
        await using LoadedRoom small = await Traffic.FillAsync(server, engine, smallPlan, cancellationToken);
        big.SetMegabits(5);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        (double most, Sample carried) = await new Ramp(engine, server, big.SetMegabits).FindAsync(8, 100, cancellationToken);

        string before = await server.MetricsAsync(cancellationToken);
        engine.Post(() => engine.Probe.IsOn = true);
        big.SetMegabits(most * Excess);
        ControlProbe control = new(server, small.Room);
        Sample sample;
        await using (control)
        {
            sample = await Window.MeasureAsync(engine, server.ProcessIds, Overload, cancellationToken);
        }

        sample[Figures.ControlP95Ms] = control.P95Ms;
        big.SetMegabits(most / 2);
        sample[Figures.RecoverySeconds] = await RecoveryAsync(engine, cancellationToken);
        string after = await server.MetricsAsync(cancellationToken);
        sample[Figures.ServerDrops] = Grown(before, after, "");
        sample[Figures.KernelDrops] = Grown(before, after, "reason=\"receive_kernel_buffer_full\"");
        sample[Figures.OverloadDrops] = Grown(before, after, "reason=\"overloaded\"");
        sample[Figures.RssIdleMb] = carried[Figures.RssMb];
        return sample;
    }

    private static double Grown(string before, string after, string label) => PrometheusText.Sum(after, Drops, label) - PrometheusText.Sum(before, Drops, label);

    // From the end of the overload to the beginning of the first half second in which nothing was lost.
    private static async Task<double> RecoveryAsync(LoadEngine engine, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        double cleanSince = 0;
        LoadCounters before = await engine.SnapshotAsync();
        while (Stopwatch.GetElapsedTime(begun) < LongestRecovery)
        {
            await Task.Delay(RecoveryStep, cancellationToken);
            LoadCounters now = await engine.SnapshotAsync();
            double elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (now.Lost > before.Lost)
            {
                cleanSince = elapsed;
            }
            else if (elapsed - cleanSince >= 0.5)
            {
                break;
            }

            before = now;
        }

        return cleanSince;
    }
}
