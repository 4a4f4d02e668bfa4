using System.Diagnostics;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// A thousand join at once, fifty to a room in which somebody speaks, while a call of twenty goes on: how long until the last of them can have media,
/// and what those already in notice. The server has every core, and the load takes its share of one of them.
/// </summary>
internal sealed class StormScenario : Scenario
{
    private const int Rooms = 20;
    private const int JoinersPerRoom = 50;
    private const int Watchers = 20;
    private const int Probes = 5;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public override string Name => "storm";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) => [new Case(Name, server, SrtpProfile.AeadAes128Gcm, 1 + Rooms, Watchers + (Rooms * (JoinersPerRoom + 1))) { IsSupporting = server != "crosspoint" }];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, plan => plan with { Cores = null, Workers = 0 }, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        RoomPlan plan = new(Name, measured.Profile, 1, Watchers, new MediaProfile()) { Probes = Probes };
        await using LoadedRoom call = await Traffic.FillAsync(server, engine, plan, cancellationToken);
        List<LoadedRoom> rooms = [];
        for (int i = 0; i < Rooms; i++)
        {
            rooms.Add(await Traffic.FillAsync(server, engine, new RoomPlan($"{Name}{i}", measured.Profile, 1, 1, MediaProfile.AudioOnly) { Seed = i + 2 }, cancellationToken));
        }

        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        engine.Post(() => engine.Probe.IsOn = true);
        Sample calm = await Window.MeasureAsync(engine, server.ProcessIds, Calm, cancellationToken);

        await Window.CollectFirstAsync(cancellationToken);
        _ = await engine.AskAsync(engine.Probe.Take);
        ProcessCpu cpu = new(server.ProcessIds);
        LoadCounters before = await engine.SnapshotAsync();
        long begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(rooms.Select(room => room.Room.AddSubscribersAsync(Joiners(measured), cancellationToken)));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;

        Sample sample = new()
        {
            [Figures.JoinSeconds] = seconds,
            [Figures.CalmDelayP99Ms] = calm[Figures.DelayP99Ms],
            [Figures.RssMb] = cpu.ReadResidentBytes() / 1048576.0,
        };
        sample.SetDelays(await engine.AskAsync(engine.Probe.Take));
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        sample[Figures.LostPercent] = Window.LostPercent(before, await engine.SnapshotAsync());
        await Task.WhenAll(rooms.Select(room => room.DisposeAsync().AsTask()));
        return sample;
    }

    private static LegOptions[] Joiners(Case measured) => [.. Enumerable.Range(0, JoinersPerRoom).Select(_ => new LegOptions { Profile = measured.Profile })];
}
