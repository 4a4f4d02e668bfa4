using Crosspoint.Load.CallsDoor;
using Crosspoint.Load.Janus;

namespace Crosspoint.Load.Servers;

/// <summary>The servers that can be measured, by name.</summary>
internal static class ServerCatalogue
{
    /// <summary>An earlier build of Crosspoint, there only with --before.</summary>
    public const string Before = "before";

    private static readonly Dictionary<string, Func<LoadOptions, IServerUnderTest>> Drivers = new(StringComparer.Ordinal)
    {
        ["crosspoint"] = options => new CrosspointServer(options.CrosspointProgram),
        [Before] = options => new CrosspointServer(options.CrosspointBefore!, Before),
        ["janus"] = _ => new JanusServer(new JanusOptions()),
        ["janus-threads"] = _ => new JanusServer(new JanusOptions { HasEventLoops = false }),
    };

    /// <summary>What may be given to --servers.</summary>
    public static IEnumerable<string> Names => Drivers.Keys;

    /// <summary>A driver for one measurement.</summary>
    public static IServerUnderTest Create(string name, LoadOptions options) => Drivers.TryGetValue(name, out Func<LoadOptions, IServerUnderTest>? create)
        ? create(options)
        : throw new InvalidOperationException($"there is no driver for the server \"{name}\"");
}
