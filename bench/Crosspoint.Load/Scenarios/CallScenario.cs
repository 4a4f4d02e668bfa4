using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Scenarios;

/// <summary>One publisher with camera and microphone, many who watch.</summary>
internal sealed class CallScenario : Scenario
{
    private const int FallbackSize = 100;

    /// <inheritdoc/>
    public override string Name => "call";

    /// <inheritdoc/>
    public override bool IsQuick => true;

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        int[] sizes = options.Subscribers.Count > 0 ? [.. options.Subscribers] : options.Quick ? [100] : [50, 100, 200, 500];
        IEnumerable<Case> cases = from profile in Profiles(options) from size in sizes select new Case(Name, server, profile, 1, size);
        bool hasFallbacks = server == "crosspoint" && (options.Variants.Count > 0 || (!options.Quick && options.Subscribers.Count == 0));
        return (hasFallbacks ? cases.Concat(Fallbacks(server, options)) : cases).Where(one => options.Variants.Count == 0 || options.Variants.Contains(one.Variant));
    }

    // What is left when a part of the fast path is not there.
    private IEnumerable<Case> Fallbacks(string server, LoadOptions options) =>
        from profile in Profiles(options)
        from variant in ServerVariant.All
        select variant.Of(new Case(Name, server, profile, 1, FallbackSize));

    /// <inheritdoc/>
    public override Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken) =>
        Steady.MeasureAsync(measured, bench, new RoomPlan(Name, measured.Profile, 1, measured.Subscribers, new MediaProfile()), cancellationToken);
}
