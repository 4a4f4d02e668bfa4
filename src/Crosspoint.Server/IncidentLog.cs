using Crosspoint.Workers;

namespace Crosspoint.Server;

/// <summary>Writes down what media workers report. They start before there is a log, so it is given later.</summary>
internal sealed class IncidentLog
{
    /// <summary>Where to; null until the host is built.</summary>
    internal volatile ILogger? Log;

    internal void Report(WorkerIncident incident) =>
        Log?.LogError(incident.Exception, "Media worker {Worker}: {What}", incident.WorkerIndex, incident.What);
}
