using System.Net;
using Crosspoint.Netem;

namespace Crosspoint.Cli.Impair;

/// <summary>What <c>crosspoint impair</c> was asked to do. Immutable.</summary>
internal sealed record ImpairOptions
{
    /// <summary>Where clients send to; port 0 takes any.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where their packets go.</summary>
    public required IPEndPoint To { get; init; }

    /// <summary>From clients to the server.</summary>
    public LinkPlan Up { get; init; } = LinkPlan.Perfect;

    /// <summary>From the server to clients.</summary>
    public LinkPlan Down { get; init; } = LinkPlan.Perfect;

    /// <summary>Each client and direction draws from a seed of its own, counted on from this.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Clients at once. Default 64: a drill, not a service; more are counted and ignored.</summary>
    public int MaxClients { get; init; } = 64;

    /// <summary>A client that sends nothing for this long makes room for another. Default 60 s, twice what ICE takes to notice (RFC 7675).</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromSeconds(60);
}
