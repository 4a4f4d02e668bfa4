using System.Net;

namespace Crosspoint.Load.Janus;

/// <summary>How a Janus is started for a measurement.</summary>
internal sealed record JanusOptions
{
    /// <summary>The program. Default "janus": the one Debian installs.</summary>
    public string Program { get; init; } = "janus";

    /// <summary>Where Debian puts the plugins and transports.</summary>
    public string LibraryFolder { get; init; } = "/usr/lib/x86_64-linux-gnu/janus";

    /// <summary>What stands before the program, such as <c>ip netns exec NS taskset -c 0</c>; each must replace itself by what it runs. Default none.</summary>
    public IReadOnlyList<string> CommandPrefix { get; init; } = [];

    /// <summary>The address media and signalling are bound to. Not a loopback one: libnice leaves those out.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The TCP port of the Janus API. Default 8188, Janus's own; the server has a network namespace to itself.</summary>
    public int Port { get; init; } = 8188;

    /// <summary>Threads that all handles share. Default 1, which is the tuning for one core; 0 gives each handle a thread, as Janus does by default.</summary>
    public int EventLoops { get; init; } = 1;

    /// <summary>Least and most UDP port. One port per peer is used. Default 20,000 to 60,000.</summary>
    public (int Least, int Most) MediaPorts { get; init; } = (20_000, 60_000);
}
