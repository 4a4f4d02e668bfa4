namespace Crosspoint.Cli.Smoke;

/// <summary>What the operator asked the smoke test to do.</summary>
internal sealed record SmokeOptions
{
    /// <summary>The doors to try, each on its own: ws:// or wss:// URLs ending in /ws.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>How long the call lasts on each endpoint, 1 to 86,400 s. The runbook asks for three minutes.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Short calls before the long one, so that the setup percentiles mean something; 0 to 1,000.</summary>
    public int Setups { get; init; } = 20;

    /// <summary>The access token both peers use; without one, a development server's own is asked for.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The gate: setup time at p95 (the runbook's rollout gate is 4,000 ms).</summary>
    public double MaxSetupMs { get; init; } = 4000;

    /// <summary>The gate: round-trip time at p95.</summary>
    public double MaxRttMs { get; init; } = 250;

    /// <summary>The gate: packets lost, in percent.</summary>
    public double MaxLossPercent { get; init; } = 3;
}
