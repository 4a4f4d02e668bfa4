using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// What the server adds to a packet's way while it uses half of its core: rooms of five, one of whom sends camera and microphone, added until the core
/// is half used; meanwhile somebody joins and leaves once a second and a scraper reads the metrics. A larger room would measure the length of its own fan-out.
/// </summary>
internal sealed class DelayScenario : Scenario
{
    private const int Watchers = 4;
    private const int RoomsAtOnce = 16;
    private const int MostRooms = 320;
    private const double HalfPercent = 48;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1.5);

    /// <inheritdoc/>
    public override string Name => "delay";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        Case usual = new(Name, server, SrtpProfile.AeadAes128Gcm, 1, Watchers) { IsSupporting = server != "crosspoint" };

        // A keyframe is longer than what may leave at once: the pacer's part of the tail is told apart.
        IEnumerable<Case> cases = server == "crosspoint" ? [usual, ServerVariant.NoCongestionControl.Of(usual) with { IsSupporting = true }] : [usual];
        return cases.Where(one => options.Variants.Count == 0 || options.Variants.Contains(one.Variant));
    }

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        List<LoadedRoom> rooms = [];
        try
        {
            await FillAsync(measured, server, engine, rooms, cancellationToken);
            await Task.Delay(bench.Options.WarmUp, cancellationToken);
            engine.Post(() => engine.Probe.IsOn = true);
            await using Churn churn = new(server, rooms[0].Room, measured.Profile);
            Sample sample = await Window.MeasureAsync(engine, server.ProcessIds, bench.Options.Window * 2, cancellationToken);
            sample[Figures.Rooms] = rooms.Count;
            return sample;
        }
        finally
        {
            await Task.WhenAll(rooms.Select(room => room.DisposeAsync().AsTask()));
        }
    }

    // Every room has one probe, so that the figure is that of all rooms.
    private async Task FillAsync(Case measured, IServerUnderTest server, LoadEngine engine, List<LoadedRoom> rooms, CancellationToken cancellationToken)
    {
        double? percent = 0;
        while (percent < HalfPercent && rooms.Count < MostRooms)
        {
            for (int i = 0; i < RoomsAtOnce; i++)
            {
                RoomPlan plan = new($"{Name}{rooms.Count}", measured.Profile, 1, Watchers, new MediaProfile()) { Probes = 1, Seed = rooms.Count + 1 };
                rooms.Add(await Traffic.FillAsync(server, engine, plan, cancellationToken));
            }

            await Task.Delay(Look, cancellationToken);
            percent = (await Window.MeasureAsync(engine, server.ProcessIds, Look, cancellationToken))[Figures.ServerCpuPercent];
        }
    }
}
