using Crosspoint.Load.CallsDoor;
using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Scenarios;

/// <summary>Our server set otherwise: a part of it switched off, or one switched on, to see what it costs or saves.</summary>
/// <param name="Name">As the command line and the table have it.</param>
/// <param name="Setting">The server's setting.</param>
/// <param name="Value">What it is set to.</param>
internal sealed record ServerVariant(string Name, string Setting, string Value)
{
    /// <summary>No estimate, no pacing, no probes.</summary>
    public static ServerVariant NoCongestionControl { get; } = new("no-congestion-control", "CALLS_CONGESTION_CONTROL", "off");

    /// <summary>All workers on one UDP port.</summary>
    public static ServerVariant OnePort { get; } = new("one-port", "SFU_UDP_PORT", "3478");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ServerVariant> All { get; } =
    [
        NoCongestionControl,
        OnePort,
        new("encrypted", CrosspointServer.E2eeProfile, CrosspointServer.EncryptedProfile),
        new("no-offload", "SFU_UDP_OFFLOAD", "off"),
        new("openssl", "SFU_SRTP_ENGINE", "openssl"),
        new("portable", "SFU_UDP_IMPLEMENTATION", "portable"),
    ];

    /// <summary>The case with this variant.</summary>
    public Case Of(Case usual) => usual with { Variant = Name, Environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Setting] = Value } };
}
