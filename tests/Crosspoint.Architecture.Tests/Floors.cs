namespace Crosspoint.Architecture.Tests;

/// <summary>The floors of docs/architecture.md as data: a project may use floors below its own, and the siblings named here.</summary>
internal static class Floors
{
    internal static readonly IReadOnlyDictionary<string, int> Of = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Crosspoint.Primitives"] = -1,
        ["Crosspoint.Rtc"] = 0,
        ["Crosspoint.Net"] = 0,
        ["Crosspoint.Netem"] = 0,
        ["Crosspoint.Contracts"] = 0,
        ["Crosspoint.Media"] = 1,
        ["Crosspoint.Turn"] = 1,
        ["Crosspoint.CallsClient"] = 1,
        ["Crosspoint.Workers"] = 2,
        ["Crosspoint.Witness"] = 2,
        ["Crosspoint.Cluster"] = 2,
        ["Crosspoint.Calls"] = 3,
        ["Crosspoint.Mesh"] = 3,
        ["Crosspoint.Intercom"] = 3,
        ["Crosspoint.Sip"] = 3,
        ["Crosspoint.Recording"] = 3,
        ["Crosspoint.Storage"] = 4,
        ["Crosspoint.Server"] = 5,
        ["Crosspoint.Cli"] = 6,
        ["Crosspoint.Load"] = 7,
        ["Crosspoint.Micro"] = 7,
        ["Crosspoint.Sim"] = 7,
    };

    /// <summary>What each project must not know: prefixes of type names, with the reason.</summary>
    internal static readonly IReadOnlyDictionary<string, string[]> MustNotKnow = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Crosspoint.Rtc"] = [.. SansIo, "Microsoft.Extensions.Logging."],
        ["Crosspoint.Media"] = [.. SansIo, "Microsoft.Extensions.Logging."],
        ["Crosspoint.Netem"] = [.. SansIo, "Microsoft.Extensions.Logging.", "System.Random"],
        ["Crosspoint.Workers"] = ["Microsoft.AspNetCore."],
        ["Crosspoint.Calls"] = ["Microsoft.AspNetCore."],
    };

    // Sockets, threads, tasks and clocks: time, bytes and randomness are arguments down here.
    private static string[] SansIo =>
    [
        "System.Net.Sockets.Socket", "System.Net.Sockets.UdpClient", "System.Net.Sockets.Tcp",
        "System.Threading.Thread", "System.Threading.Tasks.", "System.Threading.Timer", "System.Threading.Monitor",
        "System.Diagnostics.Stopwatch", "System.TimeProvider", "System.DateTime", "System.Environment",
    ];
}
