using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// What one more subscriber and one more publisher cost in resident memory, with media flowing. The baseline is a server that already
/// carries a small call, so that code which is compiled once is not counted per head; the wholly idle figure stands beside it.
/// </summary>
internal sealed class MemoryScenario : Scenario
{
    private const int FirstWatchers = 10;
    private const int MoreWatchers = 400;
    private const int MorePublishers = 40;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);

    /// <inheritdoc/>
    public override string Name => "memory";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) => [new Case(Name, server, SrtpProfile.AeadAes128Gcm, 1 + MorePublishers, FirstWatchers + MoreWatchers) { IsSupporting = server != "crosspoint" }];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        double idle = await SettledMbAsync(server, cancellationToken);
        RoomPlan plan = new(Name, measured.Profile, 1, FirstWatchers, MediaProfile.Video(0.5));
        await using LoadedRoom room = await Traffic.FillAsync(server, engine, plan, cancellationToken);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        double before = await SettledMbAsync(server, cancellationToken);
        await room.Room.AddSubscribersAsync([.. Enumerable.Range(0, MoreWatchers).Select(_ => new LegOptions { Profile = measured.Profile })], cancellationToken);
        double watched = await SettledMbAsync(server, cancellationToken);
        ILoadRoom second = await server.CreateRoomAsync(engine, Name + "2", cancellationToken);
        for (int i = 0; i < MorePublishers; i++)
        {
            TrackSource[] tracks = Traffic.Tracks(new MediaProfile(), 5000 + i);
            Leg leg = await second.AddPublisherAsync([.. tracks.Select(track => track.Description)], new LegOptions { Profile = measured.Profile }, cancellationToken);
            engine.Publish(leg, tracks);
        }

        double published = await SettledMbAsync(server, cancellationToken);
        await second.DisposeAsync();
        return new Sample
        {
            [Figures.RssIdleMb] = idle,
            [Figures.RssMb] = watched,
            [Figures.RssPerSubscriberKb] = (watched - before) * 1024 / MoreWatchers,
            [Figures.RssPerPublisherKb] = (published - watched) * 1024 / MorePublishers,
        };
    }

    // The least of a while: between two collections a managed heap only grows.
    private static async Task<double> SettledMbAsync(IServerUnderTest server, CancellationToken cancellationToken)
    {
        ProcessCpu process = new(server.ProcessIds);
        await Task.Delay(Settling, cancellationToken);
        long least = process.ReadResidentBytes();
        for (int i = 0; i < 8; i++)
        {
            await Task.Delay(250, cancellationToken);
            least = Math.Min(least, process.ReadResidentBytes());
        }

        return least / 1048576.0;
    }
}
