using System.CommandLine;
using Crosspoint.Calls.Options;
using Crosspoint.Server;
using Crosspoint.Workers.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Crosspoint.Cli;

/// <summary><c>crosspoint serve</c>: exit code 0 when stopped as asked, 78 when the configuration is not usable, 1 when a port is taken.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Command command = new("serve", "Serves the calls door and its page. Configured by the environment: docs/operations/configuration.md.");
        command.SetAction(ServeAsync);
        return command;
    }

    private static async Task<int> ServeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            CallsOptions options = CallsOptionsReader.Read();
            await using WebApplication app = await CrosspointServer.BuildAsync(options, new() { AnnouncesItself = true });
            if (options.Media.Enabled)
            {
                await RehearseAsync(cancellationToken);
            }

            await app.StartAsync(cancellationToken);
            PrintAddresses(app.Urls.FirstOrDefault() ?? $"http://localhost:{options.Node.Port}", options.EnvironmentName);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (InvalidConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return CrosspointServer.UnusableConfiguration;
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"error: cannot listen: {exception.Message}");
            return 1;
        }
    }

    // Readiness means that the first call is as quick as the next. A machine without loopback serves all the same.
    private static async Task RehearseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Rehearsal.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"warning: the first call may take longer, its rehearsal did not succeed: {exception.Message}");
        }
    }

    private static void PrintAddresses(string url, string environment)
    {
        UriBuilder address = new(url.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));
        string page = address.Uri.ToString();
        string door = $"{(address.Scheme == "https" ? "wss" : "ws")}://{address.Host}:{address.Port}/ws";
        Console.WriteLine($"""

            Crosspoint is ready ({environment}).
              page      {page}
              door      {door}
              health    {page}healthz
              metrics   {page}metrics
            Stop with Ctrl+C.
            """);
    }
}
