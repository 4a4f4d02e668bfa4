namespace Crosspoint.Load.Janus;

/// <summary>How a Janus is configured for a measurement, besides what the plan of every server says.</summary>
internal sealed record JanusOptions
{
    /// <summary>The program. Default "janus": the one Debian installs.</summary>
    public string Program { get; init; } = "janus";

    /// <summary>Where Debian puts the plugins and transports.</summary>
    public string LibraryFolder { get; init; } = "/usr/lib/x86_64-linux-gnu/janus";

    /// <summary>The TCP port of the Janus API. Default 8188, Janus's own; the server has a network namespace to itself.</summary>
    public int Port { get; init; } = 8188;

    /// <summary>
    /// As many threads for all handles as the plan has workers (<c>event_loops</c>; one for each core where it has 0), which is how it is tuned. Default true;
    /// false gives each handle a thread of its own, as Janus does when nobody configures it.
    /// </summary>
    public bool HasEventLoops { get; init; } = true;

    /// <summary>Least and most UDP port. One port per peer is used. Default 20,000 to 60,000.</summary>
    public (int Least, int Most) MediaPorts { get; init; } = (20_000, 60_000);

    /// <summary>Handles that are set up at the same time. Default 16: the joins of a storm wait for Janus, not for each other.</summary>
    public int MaxParallelJoins { get; init; } = 16;
}
