using System.Net;

namespace Crosspoint.Load;

/// <summary>What was asked for on the command line.</summary>
internal sealed record LoadOptions
{
    /// <summary>Which servers, in the order in which they are interleaved.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Which scenarios; empty for all.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>How often everything is measured. Default 5, with --quick 1.</summary>
    public required int Rounds { get; init; }

    /// <summary>True when neither a scenario nor a number of rounds was named: what only supports other figures is then measured once.</summary>
    public required bool IsEverything { get; init; }

    /// <summary>A run of under two minutes.</summary>
    public required bool Quick { get; init; }

    /// <summary>Print the rows as a JSON array and nothing else.</summary>
    public required bool Json { get; init; }

    /// <summary>A file for the raw samples; null for none.</summary>
    public string? Csv { get; init; }

    /// <summary>Before the window: the JIT tiers up. Default 5 s.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>The window. Default 8 s.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>The built <c>crosspoint</c>.</summary>
    public required string CrosspointProgram { get; init; }

    /// <summary>An earlier build of it, to measure beside; null for none.</summary>
    public string? CrosspointBefore { get; init; }

    /// <summary>The network namespace of the servers; null for ours.</summary>
    public string? ServerNamespace { get; init; }

    /// <summary>Where servers listen.</summary>
    public required IPAddress ServerAddress { get; init; }

    /// <summary>Where our sockets are bound.</summary>
    public required IPAddress LoadAddress { get; init; }

    /// <summary>The servers' cores, as taskset writes them.</summary>
    public string? ServerCores { get; init; }

    /// <summary>Numbers of subscribers instead of the scenario's own; empty for those.</summary>
    public required IReadOnlyList<int> Subscribers { get; init; }

    /// <summary>gcm, cm; empty for both.</summary>
    public required IReadOnlyList<string> Profiles { get; init; }

    /// <summary>default, and those of <c>ServerVariant</c>; empty for what the run has.</summary>
    public required IReadOnlyList<string> Variants { get; init; }

    /// <summary>Length of the soak.</summary>
    public required TimeSpan Soak { get; init; }
}
