using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Crosspoint.Netem;

namespace Crosspoint.Cli.Impair;

/// <summary><c>crosspoint impair</c>: exit code 0 when stopped as asked, 1 when it cannot listen, 2 when the arguments are wrong.</summary>
internal static class ImpairCommand
{
    public static Command Create()
    {
        Option<string> listen = new("--listen") { Description = "Where clients send to, address:port; port 0 takes any", DefaultValueFactory = _ => "127.0.0.1:0" };
        Option<string> to = new("--to") { Description = "The server's media address, host:port", Required = true };
        Option<string> up = new("--up") { Description = "From clients to the server: rate=1mbit,delay=50ms,jitter=5ms,loss=2%,burst=1%:25%:100%,reorder=1%:10ms,duplicate=1%,queue=300ms,codel,cross=500kbit,tcp=50ms", DefaultValueFactory = _ => "" };
        Option<string> down = new("--down") { Description = "From the server to clients, the same words", DefaultValueFactory = _ => "" };
        Option<long> seed = new("--seed") { Description = "Of all that is drawn", DefaultValueFactory = _ => 1 };
        Option<int> control = new("--control") { Description = "A TCP port on 127.0.0.1 that takes orders, 0 for any: down rate=300kbit, client 2 up loss=10%, both none, stats. Standard input takes them too" };
        Option<int> clients = new("--max-clients") { Description = "Clients at once, 1 to 1000", DefaultValueFactory = _ => 64 };
        Command command = new("impair", "A UDP proxy with a bad network inside, for drills and tests: docs/operations/drills.md.") { listen, to, up, down, seed, control, clients };
        clients.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--max-clients is 1 to 1000");
            }
        });
        command.SetAction(async (arguments, stop) =>
        {
            (ImpairOptions? options, string problem) = await ReadAsync(arguments.GetValue(listen)!, arguments.GetValue(to)!, arguments.GetValue(up)!, arguments.GetValue(down)!, stop);
            if (options is null)
            {
                await Console.Error.WriteLineAsync($"error: {problem}");
                return 2;
            }

            options = options with { Seed = arguments.GetValue(seed), MaxClients = arguments.GetValue(clients) };
            int? port = arguments.GetResult(control) is null ? null : arguments.GetValue(control);
            return await RunAsync(options, port, stop);
        });
        return command;
    }

    internal static async Task<(ImpairOptions? Options, string Problem)> ReadAsync(string listen, string to, string up, string down, CancellationToken stop)
    {
        if (!IPEndPoint.TryParse(listen, out IPEndPoint? from))
        {
            return (null, $"--listen: \"{listen}\" is not address:port");
        }

        if (await ResolveAsync(to, stop) is not { } target)
        {
            return (null, $"--to: \"{to}\" is not host:port, or has no such host");
        }

        if (!LinkPlanText.TryParse(up, 1, out LinkPlan upPlan, out string error))
        {
            return (null, $"--up: {error}");
        }

        return LinkPlanText.TryParse(down, 1, out LinkPlan downPlan, out error)
            ? (new ImpairOptions { Listen = from, To = target, Up = upPlan, Down = downPlan }, "")
            : (null, $"--down: {error}");
    }

    private static async Task<IPEndPoint?> ResolveAsync(string text, CancellationToken stop)
    {
        if (IPEndPoint.TryParse(text, out IPEndPoint? literal) && literal.Port != 0)
        {
            return literal;
        }

        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0)
        {
            return null;
        }

        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(text[..colon], stop);
            return found.Length == 0 ? null : new IPEndPoint(found[0], port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static async Task<int> RunAsync(ImpairOptions options, int? controlPort, CancellationToken stop)
    {
        try
        {
            using ImpairProxy proxy = new(options);
            using TcpListener? listener = controlPort is { } port ? ImpairControl.Open(port) : null;
            using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Console.WriteLine($"impair: {proxy.Address} -> {options.To}{(listener is null ? "" : $", orders at {listener.LocalEndpoint}")}");
            Task orders = Task.WhenAll(
                // Reading a terminal or a pipe blocks, whatever its name says.
                Quietly(Task.Run(() => ImpairControl.ServeAsync(Console.In, Console.Out, proxy, ends.Token), CancellationToken.None)),
                listener is null ? Task.CompletedTask : Quietly(ImpairControl.ListenAsync(listener, proxy, ends.Token)));
            await Task.Factory.StartNew(() => proxy.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await ends.CancelAsync();
            foreach (string line in proxy.Report())
            {
                Console.WriteLine(line);
            }

            // Nobody can be made to stop waiting for a terminal's next line, so that is not waited for.
            await Task.WhenAny(orders, Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None));
            return 0;
        }
        catch (SocketException exception)
        {
            await Console.Error.WriteLineAsync($"error: cannot listen: {exception.Message}");
            return 1;
        }
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }
}
