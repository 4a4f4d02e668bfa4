using System.Diagnostics.Metrics;
using Crosspoint.Calls.Encryption;
using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Calls.Door;

/// <summary>What rooms of profile mls-sframe-v1 count. No label names a room or a device.</summary>
internal sealed class KeyMetrics(Func<string, Counter<long>> counter, Func<string, Histogram<double>> histogram)
{
    // made by me
    private readonly Histogram<double> _commitSeconds = histogram(MetricNames.CallsE2eeCommitSeconds);
    private readonly Histogram<double> _readySeconds = histogram(MetricNames.CallsE2eeReadyLagSeconds);
    private readonly Counter<long> _leases = counter(MetricNames.CallsE2eeLeaseExpiredTotal);
    private readonly Counter<long> _stale = counter(MetricNames.CallsE2eeStaleTotal);
    private readonly Counter<long> _bad = counter(MetricNames.CallsE2eeBadCommitTotal);
    private readonly Counter<long> _forced = counter(MetricNames.CallsE2eeForcedActiveTotal);
    private readonly Counter<long> _faults = counter(MetricNames.CallsE2eeFaultTotal);
    private readonly Counter<long> _generations = counter(MetricNames.CallsE2eeGenerationTotal);
    private readonly Counter<long> _resyncs = counter(MetricNames.CallsE2eeResyncTotal);
    private readonly Counter<long> _evicted = counter(MetricNames.CallsE2eeEvictedTotal);

    internal void Committed(string reason, TimeSpan took) => _commitSeconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("reason", reason));

    internal void Ready(TimeSpan lag) => _readySeconds.Record(lag.TotalSeconds);

    internal void BadCommit(string check) => _bad.Add(1, new KeyValuePair<string, object?>("check", check));

    internal void Fault(string code) => _faults.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void Evicted(string reason) => _evicted.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Happened(KeyEvent what)
    {
        Counter<long>? counted = what switch
        {
            KeyEvent.LeaseExpired => _leases,
            KeyEvent.StaleCommit => _stale,
            KeyEvent.ForcedActive => _forced,
            KeyEvent.Generation => _generations,
            KeyEvent.Resync => _resyncs,
            _ => null, // evictions are counted with their reason, as they are told
        };
        counted?.Add(1);
    }
}
