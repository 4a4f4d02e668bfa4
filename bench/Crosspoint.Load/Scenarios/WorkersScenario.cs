using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// Two rooms on one worker and on two. This machine has no third core for the load, so two workers cannot be saturated honestly; instead both
/// cases carry the same moderate traffic, and the cost of a packet tells what two cores would carry: 2 × µs(one worker) / µs(two workers) times as much as one.
/// What workers cost each other (locks, the kernel's shared structures, migrating caches) is in the second figure, because both run at once.
/// </summary>
internal sealed class WorkersScenario : Scenario
{
    private const int Rooms = 2;
    private const int Watchers = 50;
    private const double Megabits = 4;

    /// <inheritdoc/>
    public override string Name => "workers";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        if (server != "crosspoint")
        {
            return [];
        }

        Case one = new(Name, server, SrtpProfile.AeadAes128Gcm, Rooms, Rooms * Watchers) { Variant = "1-worker" };
        Case two = one with { Variant = "2-workers", Workers = 2 };
        Case shared = ServerVariant.OnePort.Of(two);
        return [one, two, shared with { Variant = $"{two.Variant}-{shared.Variant}", IsSupporting = true }];
    }

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, plan => plan with { Cores = measured.Workers > 1 ? "0-1" : plan.Cores }, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        List<LoadedRoom> rooms = [];
        for (int i = 0; i < Rooms; i++)
        {
            RoomPlan plan = new($"{Name}{i}", measured.Profile, 1, Watchers, MediaProfile.Video(Megabits)) { Seed = i + 1 };
            rooms.Add(await Traffic.FillAsync(server, engine, plan, cancellationToken));
        }

        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        Sample sample = await Window.MeasureAsync(engine, server.ProcessIds, bench.Options.Window, cancellationToken);
        await Task.WhenAll(rooms.Select(room => room.DisposeAsync().AsTask()));
        return sample;
    }
}
