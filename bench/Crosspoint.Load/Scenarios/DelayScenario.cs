using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>What the server adds to a packet's way at half of what it carries, while somebody joins and leaves every second and somebody reads its metrics.</summary>
internal sealed class DelayScenario : Scenario
{
    private const int Watchers = 100;
    private const int Probes = 4;

    /// <inheritdoc/>
    public override string Name => "delay";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) => [new Case(Name, server, SrtpProfile.AeadAes128Gcm, 1, Watchers)];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        RoomPlan plan = new(Name, measured.Profile, 1, Watchers, SaturateScenario.Media) { Probes = Probes };
        await using LoadedRoom room = await Traffic.FillAsync(server, engine, plan, cancellationToken);
        room.SetMegabits(5);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        (double most, _) = await new Ramp(engine, server, room.SetMegabits).FindAsync(8, 100, cancellationToken);
        room.SetMegabits(most / 2);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        engine.Post(() => engine.Probe.IsOn = true);
        await using Churn churn = new(server, room.Room, measured.Profile);
        return await Window.MeasureAsync(engine, server.ProcessIds, bench.Options.Window * 2, cancellationToken);
    }
}
