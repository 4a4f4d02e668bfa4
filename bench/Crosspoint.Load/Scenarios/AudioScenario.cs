using Crosspoint.Load.Media;
using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Scenarios;

/// <summary>Ten who talk, Opus only, and two hundred who listen to all of them: small packets, no bursts.</summary>
internal sealed class AudioScenario : Scenario
{
    private const int Publishers = 10;

    /// <inheritdoc/>
    public override string Name => "audio";

    /// <inheritdoc/>
    public override bool IsQuick => true;

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        int[] sizes = options.Subscribers.Count > 0 ? [.. options.Subscribers] : [200];
        return from profile in Profiles(options) where !options.Quick || profile == Rtc.Srtp.SrtpProfile.AeadAes128Gcm from size in sizes select new Case(Name, server, profile, Publishers, size) { IsSupporting = profile != Rtc.Srtp.SrtpProfile.AeadAes128Gcm };
    }

    /// <inheritdoc/>
    public override Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken) =>
        Steady.MeasureAsync(measured, bench, new RoomPlan(Name, measured.Profile, Publishers, measured.Subscribers, MediaProfile.AudioOnly), cancellationToken);
}
