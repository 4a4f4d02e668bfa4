using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Measure;

/// <summary>One thing that is measured round after round.</summary>
internal sealed record Case(string Scenario, string Server, SrtpProfile Profile, int Publishers, int Subscribers)
{
    /// <summary>How the server is set: <c>default</c>, or the part of the fast path that is switched off.</summary>
    public string Variant { get; init; } = "default";

    /// <summary>The setting that makes it so.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Media workers of the server. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>True for what explains other rows and is held to no bar: a run of everything measures it once.</summary>
    public bool IsSupporting { get; init; }

    /// <summary><c>gcm</c> or <c>cm</c>.</summary>
    public string ProfileName => Profile == SrtpProfile.AeadAes128Gcm ? "gcm" : "cm";
}
