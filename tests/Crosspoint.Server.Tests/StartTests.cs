using System.Diagnostics;
using System.Text;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Server.Tests;

/// <summary>The process itself: what it refuses to start with, and how it says so.</summary>
public class StartTests
{
    [Theory]
    [InlineData("CALLS_DEV_INSECURE_AUTH", "1", "CALLS_DEV_INSECURE_AUTH is on in a production-like environment")]
    [InlineData("CALLS_DEV_INSECURE_AUTH", "0", "No identity provider is configured")]
    public async Task Production_does_not_start_without_real_authentication(string name, string value, string says)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crosspoint.Server.dll")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["NODE_ENV"] = "production", [name] = value, ["SFU_PORT"] = "0" },
        };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(CrosspointServer.UnusableConfiguration, process.ExitCode);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_in_the_middle_of_calls_ends_them_in_order_and_says_so_once()
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crosspoint.Server.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["NODE_ENV"] = "development", ["CALLS_DEV_INSECURE_AUTH"] = "1", ["SFU_PORT"] = "0", ["SFU_BIND_ADDRESS"] = "127.0.0.1",
                ["ASPNETCORE_ENVIRONMENT"] = null, ["SFU_MEDIA"] = null,
            },
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        StringBuilder log = new();
        string address = await ReadUntilAsync(process, log, "Now listening on: ", limit.Token);
        await ReadUntilAsync(process, log, "Content root path", limit.Token);
        Assert.Contains("Hosting environment: development", log.ToString(), StringComparison.Ordinal);

        Uri door = new(address.Trim().Replace("http:", "ws:", StringComparison.Ordinal) + "/ws");
        List<TestClient> clients = [];
        foreach (string room in (string[])["one", "two", "three"])
        {
            TestClient client = await TestClient.ConnectAsync(door);
            clients.Add(client);
            await client.HelloAsync(room + "-device");
            await client.AuthAsync(room);
            await client.RequestAsync("ROOM_CREATE", new { roomId = room });
            Assert.True((await client.RequestAsync("ROOM_JOIN", new { roomId = room })).Ok);
            await client.RequestAsync("E2EE_READY", new { epoch = 0 });
            Assert.True((await client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
        }

        log.Clear();
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        log.Append(await process.StandardOutput.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
        string said = log.ToString();
        Assert.Contains("Draining: 3 sockets", said, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", said, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        clients.ForEach(client => client.Dispose());
    }

    // What follows the words on their line.
    private static async Task<string> ReadUntilAsync(Process process, StringBuilder log, string words, CancellationToken limit)
    {
        while (await process.StandardOutput.ReadLineAsync(limit) is { } line)
        {
            log.AppendLine(line);
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line[(line.IndexOf(words, StringComparison.Ordinal) + words.Length)..];
            }
        }

        throw new InvalidOperationException($"The server ended without saying \"{words}\":\n{log}");
    }
}
