using System.CommandLine;
using System.Net;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Scenarios;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load;

/// <summary>The command line: <c>bench.sh</c> gives the namespaces and addresses, everybody else the rest.</summary>
internal static class LoadCommand
{
    private static readonly Option<string> Servers = new("--servers") { Description = $"Which servers, separated by commas: {string.Join(", ", ServerCatalogue.Names)}; default crosspoint,janus, with --quick crosspoint", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Scenarios = new("--scenario") { Description = $"Which scenarios, separated by commas: {string.Join(", ", Runner.Names)}; default all", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Subscribers = new("--subscribers") { Description = "Numbers of subscribers instead of the scenario's", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Profiles = new("--profiles") { Description = "gcm, cm or both", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Variants = new("--variants") { Description = "Of call and delay: default, no-congestion-control; of call: encrypted, one-port, no-offload, openssl, portable", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often everything is measured; default 5, with --quick 1. Without it and without --scenario, rows that only explain others are measured once" };
    private static readonly Option<bool> Quick = new("--quick") { Description = "A run of under two minutes" };
    private static readonly Option<bool> Json = new("--json") { Description = "Print a JSON array and nothing else" };
    private static readonly Option<string?> Csv = new("--csv") { Description = "A file for the raw samples" };
    private static readonly Option<double> WarmUp = new("--warm-up") { Description = "Seconds before the window", DefaultValueFactory = _ => 5 };
    private static readonly Option<double> Window = new("--window") { Description = "Seconds that are measured", DefaultValueFactory = _ => 8 };
    private static readonly Option<double> Minutes = new("--minutes") { Description = "Length of the soak", DefaultValueFactory = _ => 30 };
    private static readonly Option<string> Program = new("--crosspoint") { Description = "The built crosspoint", Required = true };
    private static readonly Option<string?> Before = new("--before") { Description = "An earlier build of it, which is the server before (./bench.sh --before REVISION makes it)" };
    private static readonly Option<string?> Namespace = new("--server-namespace") { Description = "Network namespace of the servers" };
    private static readonly Option<string> ServerAddress = new("--server-address") { Description = "Where servers listen", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<string> LoadAddress = new("--load-address") { Description = "Where the load's sockets are bound", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<string?> Cores = new("--server-cores") { Description = "The servers' cores", DefaultValueFactory = _ => "0" };

    public static RootCommand Create()
    {
        RootCommand command = new("Measures media servers. Run it with ./bench.sh, which makes the network.")
        {
            Servers, Scenarios, Subscribers, Profiles, Variants, Rounds, Quick, Json, Csv, WarmUp, Window, Minutes, Program, Before, Namespace, ServerAddress, LoadAddress, Cores,
        };
        command.SetAction(RunAsync);
        command.Subcommands.Add(Floor.BareSender.Create());
        command.Subcommands.Add(Floor.BareClock.Create());
        command.Subcommands.Add(Floor.BareRelay.Create());
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        LoadOptions options = Read(arguments);
        Runner runner = new(options);
        if (!runner.TryCheck(out string problem))
        {
            await Console.Error.WriteLineAsync($"error: {problem}");
            return 2;
        }

        IReadOnlyList<Row> rows = await runner.RunAsync(cancellationToken);
        Console.WriteLine(options.Json ? RowJson.Write(rows) : RowTable.Write(rows));
        return runner.HasFailures ? 1 : 0;
    }

    private static LoadOptions Read(ParseResult arguments)
    {
        bool quick = arguments.GetValue(Quick);
        int rounds = arguments.GetValue(Rounds);
        return new LoadOptions
        {
            Servers = Words(arguments.GetValue(Servers)!) is { Length: > 0 } servers ? servers
                : arguments.GetValue(Before) is not null ? ["crosspoint", ServerCatalogue.Before]
                : quick ? ["crosspoint"] : ["crosspoint", "janus"],
            Scenarios = Words(arguments.GetValue(Scenarios)!),
            Subscribers = [.. Words(arguments.GetValue(Subscribers)!).Select(word => int.Parse(word, System.Globalization.CultureInfo.InvariantCulture))],
            Profiles = Words(arguments.GetValue(Profiles)!),
            Variants = Words(arguments.GetValue(Variants)!),
            Rounds = rounds > 0 ? rounds : quick ? 1 : 5,
            IsEverything = !quick && rounds == 0 && arguments.GetValue(Scenarios)!.Length == 0,
            Quick = quick,
            Json = arguments.GetValue(Json),
            Csv = arguments.GetValue(Csv),
            WarmUp = TimeSpan.FromSeconds(arguments.GetValue(WarmUp)),
            Window = TimeSpan.FromSeconds(arguments.GetValue(Window)),
            Soak = TimeSpan.FromMinutes(arguments.GetValue(Minutes)),
            CrosspointProgram = Path.GetFullPath(arguments.GetValue(Program)!),
            CrosspointBefore = arguments.GetValue(Before) is { } before ? Path.GetFullPath(before) : null,
            ServerNamespace = arguments.GetValue(Namespace),
            ServerAddress = IPAddress.Parse(arguments.GetValue(ServerAddress)!),
            LoadAddress = IPAddress.Parse(arguments.GetValue(LoadAddress)!),
            ServerCores = arguments.GetValue(Cores),
        };
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
