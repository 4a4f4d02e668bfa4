using System.CommandLine;
using Crosspoint.Calls.Options;
using Crosspoint.Server;
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
