using System.Diagnostics;

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
}
