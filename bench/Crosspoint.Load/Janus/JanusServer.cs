using System.Diagnostics;
using System.Net.WebSockets;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Janus;

/// <summary>Debian's Janus with its videoroom plugin, started from a configuration of ours and spoken to over the Janus API.</summary>
/// <param name="options">How it is configured.</param>
internal sealed class JanusServer(JanusOptions options) : IServerUnderTest
{
    // Made by me.
    private ServerProcess? _process;

    // State.
    private Uri _address = new("ws://localhost");
    private long _lastRoom;

    /// <inheritdoc/>
    public string Name => options.HasEventLoops ? "janus" : "janus-threads";

    /// <inheritdoc/>
    public string Version { get; private set; } = "";

    /// <inheritdoc/>
    public IReadOnlyList<int> ProcessIds => _process is { } process ? [process.Id] : [];

    /// <inheritdoc/>
    public async Task StartAsync(ServerPlan plan, CancellationToken cancellationToken)
    {
        Version = await ReadVersionAsync(options.Program, cancellationToken);
        JanusFolder folder = new(options, plan);
        _address = new Uri($"ws://{plan.Address}:{options.Port}");
        string[] arguments = ["--configs-folder", folder.Path, "--config", folder.Configuration];
        _process = ServerProcess.Start(plan, options.Program, arguments, new Dictionary<string, string>(StringComparer.Ordinal));
        await _process.WaitUntilAsync(() => AnswersAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ILoadRoom> CreateRoomAsync(LoadEngine engine, string name, CancellationToken cancellationToken) =>
        await JanusRoom.CreateAsync(engine, _address, Interlocked.Increment(ref _lastRoom), options.MaxParallelJoins, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using JanusConnection connection = await JanusConnection.ConnectAsync(_address, cancellationToken);
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    // "Janus version: 1102 (1.1.2)", and then a complaint about the argument.
    private static async Task<string> ReadVersionAsync(string program, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, "--version") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        string text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = text.IndexOf(')', StringComparison.Ordinal);
        return open >= 0 && close > open ? text[(open + 1)..close] : "";
    }
}
