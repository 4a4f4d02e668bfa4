using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// The most packets a core carries without loss. One room whose bitrate grows, and four rooms of which each is filled up to 20 Mbit/s before the next begins.
/// Frames keep nearly one size: an encoder at such a rate has no need for large keyframes.
/// </summary>
internal sealed class SaturateScenario : Scenario
{
    private const int Watchers = 100;
    private const int Rooms = 4;
    private const double RoomMegabits = 20;
    private const double StartMegabits = 10;
    private const double LeastMegabits = 0.2;

    /// <inheritdoc/>
    public override string Name => "saturate";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) =>
        from profile in Profiles(options)
        from rooms in profile == SrtpProfile.AeadAes128Gcm ? new[] { 1, Rooms } : [1]
        select new Case(Name, server, profile, rooms, rooms * Watchers) { IsSupporting = server != "crosspoint" || profile != SrtpProfile.AeadAes128Gcm || rooms != 1 };

    /// <summary>What saturating publishers send, little until everybody is in.</summary>
    public static MediaProfile Media { get; } = MediaProfile.Video(LeastMegabits) with { KeyFrameFactor = 2 };

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        await using IServerUnderTest server = await bench.StartAsync(measured, cancellationToken);
        using LoadEngine engine = bench.NewEngine();
        List<LoadedRoom> rooms = [];
        for (int i = 0; i < measured.Publishers; i++)
        {
            RoomPlan plan = new($"{Name}{i}", measured.Profile, 1, Watchers, Media) { Seed = i + 1 };
            rooms.Add(await Traffic.FillAsync(server, engine, plan, cancellationToken));
        }

        SetLevel(rooms, StartMegabits);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        (_, Sample best) = await new Ramp(engine, server, level => SetLevel(rooms, level)).FindAsync(StartMegabits, 120, cancellationToken);
        await Task.WhenAll(rooms.Select(room => room.DisposeAsync().AsTask()));
        return best;
    }

    // One room takes everything; of several each is full before the next begins.
    private static void SetLevel(List<LoadedRoom> rooms, double megabits)
    {
        foreach (LoadedRoom room in rooms)
        {
            double share = rooms.Count == 1 ? megabits : Math.Clamp(megabits, LeastMegabits, RoomMegabits);
            room.SetMegabits(share);
            megabits -= share;
        }
    }
}
