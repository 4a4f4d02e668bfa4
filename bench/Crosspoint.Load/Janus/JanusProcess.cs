using System.Diagnostics;
using System.Text;

namespace Crosspoint.Load.Janus;

/// <summary>A Janus running as its own process, and the folder it runs from; both end with this.</summary>
internal sealed class JanusProcess : IAsyncDisposable
{
    // Enough to see why it would not start.
    private const int MaxLogLength = 8192;

    // Made by me.
    private readonly JanusFolder _folder;
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private JanusProcess(JanusFolder folder, Process process)
    {
        _folder = folder;
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>The process whose CPU time and memory are measured.</summary>
    public int Id => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it logged: errors, and the end of it.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it; it listens a moment later.</summary>
    public static JanusProcess Start(JanusOptions options)
    {
        JanusFolder folder = new(options);
        string[] command = [.. options.CommandPrefix, options.Program, "--configs-folder", folder.Path, "--config", folder.Configuration];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = new() { StartInfo = start };
        JanusProcess janus = new(folder, process);
        try
        {
            process.Start();
        }
        catch
        {
            process.Dispose();
            folder.Dispose();
            throw;
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return janus;
    }

    /// <summary>The version that <c>janus --version</c> prints first, such as "1.1.2"; empty when it cannot be asked.</summary>
    public static async Task<string> ReadVersionAsync(string program, CancellationToken cancellation)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new JanusException($"{program} did not start.");
        string text = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = text.IndexOf(')', StringComparison.Ordinal);
        return open >= 0 && close > open ? text[(open + 1)..close] : "";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Killed rather than asked: it would take its time to say goodbye to every peer, and nothing of it is kept.
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
            if (_log.Length > MaxLogLength)
            {
                _log.Remove(0, _log.Length - MaxLogLength);
            }
        }
    }
}
