using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>One publisher with camera and microphone, many who watch.</summary>
internal sealed class CallScenario : Scenario
{
    private const int UsualSize = 100;
    private static readonly int[] Sizes = [UsualSize, 200];
    private static readonly int[] GrowthSizes = [50, 500];

    /// <inheritdoc/>
    public override string Name => "call";

    /// <inheritdoc/>
    public override bool IsQuick => true;

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) =>
        (options.Subscribers.Count > 0 ? Asked(server, options) : options.Quick ? Quick(server, options) : Whole(server, options))
            .Where(one => options.Variants.Count == 0 || options.Variants.Contains(one.Variant));

    private IEnumerable<Case> Quick(string server, LoadOptions options) => from profile in Profiles(options) select Usual(server, profile, UsualSize);

    private IEnumerable<Case> Asked(string server, LoadOptions options) =>
        from profile in Profiles(options)
        from size in options.Subscribers
        from one in options.Variants.Count > 0 ? Changed(server, profile, size).Prepend(Usual(server, profile, size)) : [Usual(server, profile, size)]
        select one;

    // First what every server has, so that the same cases stand next to each other in time.
    private IEnumerable<Case> Whole(string server, LoadOptions options)
    {
        IEnumerable<Case> compared =
            from profile in Profiles(options)
            from size in Sizes
            select Usual(server, profile, size) with { IsSupporting = profile != SrtpProfile.AeadAes128Gcm && size != UsualSize };
        if (server != "crosspoint")
        {
            return compared;
        }

        SrtpProfile first = Profiles(options).First();
        return [.. compared, .. GrowthSizes.Select(size => Usual(server, first, size)), .. Changed(server, first, UsualSize).Select(one => one with { IsSupporting = one.Variant != ServerVariant.NoCongestionControl.Name })];
    }

    private Case Usual(string server, SrtpProfile profile, int size) => new(Name, server, profile, 1, size);

    // What is left when a part of the fast path is not there, and what encrypted frames cost.
    private IEnumerable<Case> Changed(string server, SrtpProfile profile, int size) => server == "crosspoint"
        ? ServerVariant.All.Select(variant => variant.Of(Usual(server, profile, size)))
        : [];

    /// <inheritdoc/>
    public override Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken) =>
        Steady.MeasureAsync(measured, bench, new RoomPlan(Name, measured.Profile, 1, measured.Subscribers, new MediaProfile()), cancellationToken);
}
