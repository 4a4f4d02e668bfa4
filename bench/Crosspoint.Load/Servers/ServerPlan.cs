using System.Net;

namespace Crosspoint.Load.Servers;

/// <summary>How a server is to be started.</summary>
internal sealed record ServerPlan
{
    /// <summary>Where it listens and what it announces.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The network namespace it runs in; null for ours.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>The cores it may use, as taskset writes them. Default core 0; null for all.</summary>
    public string? Cores { get; init; } = "0";

    /// <summary>Media workers, where the server lets one choose. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Settings on top of those a driver makes, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A folder for logs and configuration files, which exists.</summary>
    public required string WorkingDirectory { get; init; }
}
