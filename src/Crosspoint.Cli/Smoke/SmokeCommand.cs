using System.CommandLine;
using System.Text.Json;

namespace Crosspoint.Cli.Smoke;

/// <summary><c>crosspoint smoke</c>: exit code 0 when every endpoint passed, 1 when one failed, 2 when the arguments are wrong.</summary>
internal static class SmokeCommand
{
    public static Command Create()
    {
        Option<string> endpoints = new("--endpoints") { Description = "Doors to try, separated by commas: ws://host:8888/ws", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CALLS_SMOKE_ENDPOINTS") ?? "ws://127.0.0.1:8888/ws" };
        Option<int> seconds = new("--seconds") { Description = "Length of the call on each endpoint, 1 to 86400 (the runbook asks for 180)", DefaultValueFactory = _ => 10 };
        Option<int> setups = new("--setups") { Description = "Short calls before it, for the setup percentiles, 0 to 1000", DefaultValueFactory = _ => 20 };
        Option<string?> token = new("--token") { Description = "Access token; default CALLS_SMOKE_ACCESS_TOKEN, then a development server's own" };
        Option<double> maxSetup = new("--max-setup-ms") { Description = "Fail above this setup time at p95", DefaultValueFactory = _ => 4000 };
        Option<double> maxRtt = new("--max-rtt-ms") { Description = "Fail above this round-trip time at p95", DefaultValueFactory = _ => 250 };
        Option<double> maxLoss = new("--max-loss-percent") { Description = "Fail above this packet loss", DefaultValueFactory = _ => 3 };
        Option<bool> json = new("--json") { Description = "Print one JSON object" };
        Command command = new("smoke", "A real call between two built-in peers through each endpoint, with a verdict.")
        {
            endpoints, seconds, setups, token, maxSetup, maxRtt, maxLoss, json,
        };
        Bound(seconds, 1, 86_400);
        Bound(setups, 0, 1000);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (!TryReadEndpoints(arguments.GetValue(endpoints)!, out List<Uri> doors, out string problem))
            {
                await Console.Error.WriteLineAsync($"error: {problem}");
                return 2;
            }

            string? given = arguments.GetValue(token) ?? Environment.GetEnvironmentVariable("CALLS_SMOKE_ACCESS_TOKEN");
            SmokeReport report = await new SmokeRun(new SmokeOptions
            {
                Endpoints = doors,
                Seconds = arguments.GetValue(seconds),
                Setups = arguments.GetValue(setups),
                AccessToken = string.IsNullOrEmpty(given) ? null : given,
                MaxSetupMs = arguments.GetValue(maxSetup),
                MaxRttMs = arguments.GetValue(maxRtt),
                MaxLossPercent = arguments.GetValue(maxLoss),
            }).RunAsync(cancellationToken);
            Print(report, arguments.GetValue(json));
            return report.Verdict == "pass" ? 0 : 1;
        });
        return command;
    }

    internal static bool TryReadEndpoints(string text, out List<Uri> endpoints, out string problem)
    {
        endpoints = [];
        problem = "";
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(part, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("ws" or "wss"))
            {
                problem = $"--endpoints: \"{part}\" is not a ws:// or wss:// URL";
                return false;
            }

            endpoints.Add(endpoint);
        }

        problem = endpoints.Count == 0 ? "--endpoints names no endpoint" : "";
        return endpoints.Count > 0;
    }

    private static void Bound(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is int value && (value < least || value > most))
        {
            result.AddError($"{option.Name} takes {least} to {most}, not {value}");
        }
    });

    private static void Print(SmokeReport report, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, SmokeJson.Default.SmokeReport));
            return;
        }

        foreach (EndpointReport endpoint in report.Endpoints)
        {
            Console.WriteLine($"{endpoint.Verdict.ToUpperInvariant()}  {endpoint.Url}{(endpoint.Error is null ? "" : $"  {endpoint.Error}")}");
            foreach (DirectionReport direction in endpoint.Directions)
            {
                Console.WriteLine($"      {direction.From} → {direction.To}: {direction.PacketsReceived} of {direction.PacketsSent} packets, {direction.LossPercent} % lost");
            }
        }

        Console.WriteLine($"setup p50 {report.SetupMs.P50} ms, p95 {report.SetupMs.P95} ms ({report.SetupMs.Count} calls); round trip p50 {report.RttMs.P50} ms, p95 {report.RttMs.P95} ms; loss {report.LossPercent} %");
        Console.WriteLine($"verdict: {report.Verdict}");
    }
}
