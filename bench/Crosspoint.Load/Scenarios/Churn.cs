using System.Diagnostics;
using Crosspoint.Load.CallsDoor;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>Control-plane traffic beside the media: somebody joins and leaves once a second, and a scraper reads the metrics; how long each took is kept.</summary>
internal sealed class Churn : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<float> _metrics = [];
    private readonly Task _running;

    /// <summary>Begins at once.</summary>
    public Churn(IServerUnderTest server, ILoadRoom room, SrtpProfile profile) => _running = RunAsync(server, room, profile);

    /// <summary>How long the server took to answer each GET /metrics, in ms; empty where a server has none. After disposal.</summary>
    public float[] MetricsMs => [.. _metrics];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IServerUnderTest server, ILoadRoom room, SrtpProfile profile)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                IReadOnlyList<Leg> legs = await room.AddSubscribersAsync([new LegOptions { Profile = profile }], _stop.Token);
                await ReadMetricsAsync(server);
                await room.RemoveAsync(legs[0]);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private async Task ReadMetricsAsync(IServerUnderTest server)
    {
        if (server is CrosspointServer crosspoint)
        {
            long begun = Stopwatch.GetTimestamp();
            await crosspoint.MetricsAsync(_stop.Token);
            _metrics.Add((float)Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }
}
