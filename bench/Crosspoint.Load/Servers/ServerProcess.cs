using System.Diagnostics;
using Crosspoint.Load.Native;

namespace Crosspoint.Load.Servers;

/// <summary>One process of a server, in its namespace and on its cores. <c>ip netns exec</c> and <c>taskset</c> replace themselves, so its id is the server's own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int KeptLines = 200;

    // Said and not left out: a process inherits the cores of its parent, and the load runs on one alone.
    private static readonly string EveryCore = File.ReadAllText("/sys/devices/system/cpu/online").Trim();

    // bench.sh gives it to the load, whose collections must not fall into a window; the server has its own.
    private const string LoadsOwnBudget = "DOTNET_GCgen0size";

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();

    private ServerProcess(Process process) => _process = process;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>True once it ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>The end of what it printed.</summary>
    public string Output
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    /// <summary>Starts a program with arguments and environment.</summary>
    public static ServerProcess Start(ServerPlan plan, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        string[] command =
        [
            .. plan.NetworkNamespace is { } name ? ["ip", "netns", "exec", name] : Array.Empty<string>(),
            "taskset", "-c", plan.Cores ?? EveryCore,
            program, .. arguments,
        ];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = plan.WorkingDirectory, UseShellExecute = false,
        };
        start.Environment.Remove(LoadsOwnBudget);
        foreach ((string key, string value) in environment.Concat(plan.Environment))
        {
            start.Environment[key] = value;
        }

        ServerProcess server = new(Process.Start(start)!);
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Asks until <paramref name="isReady"/> answers true.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> isReady, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (HasEnded || Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException($"the server did not start:\n{Output}");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>SIGTERM, patience of 5 s, SIGKILL.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            LoadNative.Kill(_process.Id, Terminate);
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_lastLines)
        {
            if (line is not null)
            {
                _lastLines.Enqueue(line);
            }

            if (_lastLines.Count > KeptLines)
            {
                _lastLines.Dequeue();
            }
        }
    }
}
