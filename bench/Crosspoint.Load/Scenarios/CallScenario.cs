using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>One publisher with camera and microphone, many who watch.</summary>
internal sealed class CallScenario : Scenario
{
    private const int VariantSize = 100;

    /// <inheritdoc/>
    public override string Name => "call";

    /// <inheritdoc/>
    public override bool IsQuick => true;

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        int[] sizes = options.Subscribers.Count > 0 ? [.. options.Subscribers] : options.Quick ? [100] : [50, 100, 200, 500];
        bool hasVariants = server == "crosspoint" && (options.Variants.Count > 0 || (!options.Quick && options.Subscribers.Count == 0));
        IEnumerable<Case> cases = from profile in Profiles(options) from size in sizes from one in Compared(server, profile, size, hasVariants && options.Subscribers.Count > 0) select one;
        return (hasVariants && options.Subscribers.Count == 0 ? cases.Concat(from profile in Profiles(options) from one in Changed(server, profile, VariantSize) select one) : cases)
            .Where(one => options.Variants.Count == 0 || options.Variants.Contains(one.Variant));
    }

    // What is compared stands next to each other in time.
    private IEnumerable<Case> Compared(string server, SrtpProfile profile, int size, bool hasVariants)
    {
        Case usual = new(Name, server, profile, 1, size);
        return hasVariants ? Changed(server, profile, size).Prepend(usual) : [usual];
    }

    // What is left when a part of the fast path is not there, and what encrypted frames cost.
    private IEnumerable<Case> Changed(string server, SrtpProfile profile, int size) =>
        ServerVariant.All.Select(variant => variant.Of(new Case(Name, server, profile, 1, size)));

    /// <inheritdoc/>
    public override Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken) =>
        Steady.MeasureAsync(measured, bench, new RoomPlan(Name, measured.Profile, 1, measured.Subscribers, new MediaProfile()), cancellationToken);
}
