using System.Collections.Concurrent;
using Crosspoint.Workers;

namespace Crosspoint.Server;

/// <summary>Writes down what media workers report. They start before there is a log, so what they report until then waits.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class IncidentLog
{
    private readonly ConcurrentQueue<WorkerIncident> _waiting = new();
    private volatile ILogger? _log;

    /// <summary>From now on incidents are written; those that wait, at once.</summary>
    internal void Begin(ILogger log)
    {
        _log = log;
        WriteWaiting(log);
    }

    internal void Report(WorkerIncident incident)
    {
        _waiting.Enqueue(incident);
        if (_log is { } log)
        {
            WriteWaiting(log);
        }
    }

    private void WriteWaiting(ILogger log)
    {
        while (_waiting.TryDequeue(out WorkerIncident? incident))
        {
            LogLevel level = incident.Exception is null ? LogLevel.Warning : LogLevel.Error;
            log.Log(level, incident.Exception, "Media worker {Worker}: {What}", incident.WorkerIndex, incident.What);
        }
    }
}
