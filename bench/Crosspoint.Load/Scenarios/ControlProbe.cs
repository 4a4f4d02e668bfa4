using System.Diagnostics;
using Crosspoint.Load.CallsDoor;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>Asks the control plane ten times a second, over HTTP and over the sockets of a room, and keeps how long the answers took.</summary>
internal sealed class ControlProbe : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<float> _milliseconds = [];
    private readonly Task _running;

    /// <summary>Begins at once.</summary>
    public ControlProbe(CrosspointServer server, ILoadRoom room) => _running = RunAsync(server, (CrosspointRoom)room);

    /// <summary>The 95th percentile in ms; after disposal.</summary>
    public double P95Ms => Percentile.Of([.. _milliseconds.Order()], 0.95);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CrosspointServer server, CrosspointRoom room)
    {
        using PeriodicTimer timer = new(Interval);
        try
        {
            for (int i = 0; await timer.WaitForNextTickAsync(_stop.Token); i++)
            {
                long begun = Stopwatch.GetTimestamp();
                await (i % 2 == 0 ? server.MetricsAsync(_stop.Token) : room.PingAllAsync(_stop.Token));
                _milliseconds.Add((float)Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}
