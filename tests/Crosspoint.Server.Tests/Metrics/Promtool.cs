using System.ComponentModel;
using System.Diagnostics;

namespace Crosspoint.Server.Tests.Metrics;

/// <summary>Prometheus' own linter.</summary>
internal static class Promtool
{
    /// <summary><c>promtool check metrics</c>: silent and 0 when all is well.</summary>
    public static async Task<(int Exit, string Said)> CheckAsync(string text)
    {
        var start = new ProcessStartInfo("promtool", ["check", "metrics"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Fail("promtool is missing: install the Debian package prometheus (./test.sh does).");
            return default;
        }

        using (process)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await process.StandardInput.WriteAsync(text);
            process.StandardInput.Close();
            var said = await process.StandardOutput.ReadToEndAsync(limit.Token) + await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, said);
        }
    }
}
