using System.Globalization;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>What scenarios work with: the options, a fresh engine and a fresh server for each measurement.</summary>
internal sealed class Bench(LoadOptions options) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crosspoint-load-");
    private readonly Dictionary<string, string> _versions = new(StringComparer.Ordinal);
    private int _starts;

    /// <summary>What was asked for.</summary>
    public LoadOptions Options => options;

    /// <summary>A line for whoever watches; never on standard output, which is the result's.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>The version a server named when it last ran.</summary>
    public string VersionOf(string server) => _versions.GetValueOrDefault(server, "");

    /// <summary>A fresh engine.</summary>
    public LoadEngine NewEngine() => new(options.LoadAddress);

    /// <summary>Starts the case's server.</summary>
    public Task<IServerUnderTest> StartAsync(Case measured, CancellationToken cancellationToken) => StartAsync(measured, plan => plan, cancellationToken);

    /// <summary>Starts the case's server with a changed plan.</summary>
    public async Task<IServerUnderTest> StartAsync(Case measured, Func<ServerPlan, ServerPlan> change, CancellationToken cancellationToken)
    {
        IServerUnderTest server = ServerCatalogue.Create(measured.Server, options);
        try
        {
            await server.StartAsync(change(Plan(measured)), cancellationToken);
            _versions[measured.Server] = server.Version;
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a server would stand, for a program that is none.</summary>
    public ServerPlan BarePlan => new()
    {
        Address = options.ServerAddress,
        NetworkNamespace = options.ServerNamespace,
        Cores = options.ServerCores,
        WorkingDirectory = Directory.GetCurrentDirectory(),
    };

    /// <summary>Removes what servers left in their folders.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private ServerPlan Plan(Case measured) => BarePlan with
    {
        Workers = measured.Workers,
        Environment = measured.Environment,
        WorkingDirectory = _folder.CreateSubdirectory((++_starts).ToString(CultureInfo.InvariantCulture)).FullName,
    };
}
