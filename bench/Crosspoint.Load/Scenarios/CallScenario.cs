using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Scenarios;

/// <summary>One publisher with camera and microphone, many who watch.</summary>
internal sealed class CallScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "call";

    /// <inheritdoc/>
    public override bool IsQuick => true;

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        int[] sizes = options.Subscribers.Count > 0 ? [.. options.Subscribers] : options.Quick ? [100] : [50, 100, 200, 500];
        return from profile in Profiles(options) from size in sizes select new Case(Name, server, profile, 1, size);
    }

    /// <inheritdoc/>
    public override Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken) =>
        Steady.MeasureAsync(measured, bench, new RoomPlan(Name, measured.Profile, 1, measured.Subscribers, new MediaProfile()), cancellationToken);
}
