using System.Diagnostics.Metrics;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Metrics;
using Crosspoint.Server.Metrics;

namespace Crosspoint.Server;

/// <summary>What is to be seen of the process and of the media plane; read when somebody asks.</summary>
internal sealed class ServerMetrics : IDisposable
{
    private readonly Meter _meter = new("Crosspoint.Server");
    private readonly MediaMetrics? _workers;

    public ServerMetrics(MediaPlaneOwner owner, TimeProvider time, MetricsCollector collector)
    {
        IMediaPlane media = owner.Plane;
        _workers = owner.Workers is { } workers ? new(workers) : null;
        long startedAt = time.GetTimestamp();
        string version = typeof(ServerMetrics).Assembly.GetName().Version?.ToString(3) ?? "0";
        Gauge(MetricNames.CrosspointBuildInfo, () => [new(1, Label("version", version))]);
        Gauge(MetricNames.CrosspointUptimeSeconds, () => [new(time.GetElapsedTime(startedAt).TotalSeconds)]);
        Counter(MetricNames.CrosspointGcCollectionsTotal, Collections);
        Gauge(MetricNames.CrosspointGcHeapBytes, () => [new(GC.GetGCMemoryInfo().HeapSizeBytes)]);
        Gauge(MetricNames.CrosspointGcCommittedBytes, () => [new(GC.GetGCMemoryInfo().TotalCommittedBytes)]);
        Counter(MetricNames.CrosspointGcPauseSecondsTotal, () => [new(GC.GetTotalPauseDuration().TotalSeconds)]);
        Counter(MetricNames.CrosspointMetricsFailuresTotal, () => [new(collector.Failures)]);
        Gauge(MetricNames.CrosspointWorkers, () =>
        {
            MediaPlaneSnapshot now = media.Snapshot();
            return [new(now.AliveWorkerCount, Label("state", "running")), new(now.WorkerCount - now.AliveWorkerCount, Label("state", "failed"))];
        });
    }

    public void Dispose()
    {
        _workers?.Dispose();
        _meter.Dispose();
    }

    private void Gauge(string name, Func<IEnumerable<Measurement<double>>> observe) =>
        _meter.CreateObservableGauge(name, observe, MetricCatalogue.Of(name).Unit, MetricCatalogue.Of(name).Meaning);

    private void Counter(string name, Func<IEnumerable<Measurement<double>>> observe) =>
        _meter.CreateObservableCounter(name, observe, MetricCatalogue.Of(name).Unit, MetricCatalogue.Of(name).Meaning);

    // The runtime's counts include those of older generations.
    private static IEnumerable<Measurement<double>> Collections()
    {
        int all = GC.CollectionCount(0);
        int older = GC.CollectionCount(1);
        int oldest = GC.CollectionCount(2);
        return [new(all - older, Label("generation", "0")), new(older - oldest, Label("generation", "1")), new(oldest, Label("generation", "2"))];
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
