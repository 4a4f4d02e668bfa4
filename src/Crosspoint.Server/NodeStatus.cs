using Crosspoint.Calls.Door;
using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Server;

/// <summary>What the node says of itself: health and figures, from what really is.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class NodeStatus(CallsOptions options, CallsDoor door, IMediaPlane media, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    private double UptimeSeconds => Math.Round(time.GetElapsedTime(_startedAt).TotalSeconds, 3);

    internal HealthBody Health()
    {
        DoorFigures figures = door.Figures();
        IReadOnlyList<HealthCheckBody> checks = Checks(figures);
        bool ok = checks.All(check => check.Ok);
        return new()
        {
            Ok = ok,
            Status = ok ? "ok" : "unhealthy",
            Region = options.Node.Region,
            NodeId = options.Node.NodeId,
            WsReady = !door.IsDraining,
            Rooms = figures.Rooms,
            Peers = figures.Peers,
            UptimeSec = UptimeSeconds,
            FailoverHints = new() { Healthy = ok, PreferredRegion = options.Node.Region },
            MediaPlane = ModeName,
            Checks = checks,
        };
    }

    internal MetricsBody Figures()
    {
        DoorFigures figures = door.Figures();
        MediaPlaneSnapshot plane = media.Snapshot();
        return new()
        {
            NodeId = options.Node.NodeId,
            Region = options.Node.Region,
            UptimeSec = UptimeSeconds,
            Rooms = figures.Rooms,
            Peers = figures.Peers,
            Producers = figures.Producers,
            MediaPlane = new()
            {
                Mode = ModeName,
                RoomCount = plane.RoomCount,
                TransportCount = plane.TransportCount,
                ProducerCount = plane.ProducerCount,
                ConsumerCount = plane.ConsumerCount,
                WorkerCount = plane.WorkerCount,
            },
            RoomsByRegion = figures.Rooms == 0 ? new Dictionary<string, int>() : new Dictionary<string, int> { [options.Node.Region] = figures.Rooms },
        };
    }

    private string ModeName => media.Mode == MediaPlaneMode.Native ? "native" : "fallback";

    private IReadOnlyList<HealthCheckBody> Checks(DoorFigures figures)
    {
        MediaPlaneSnapshot plane = media.Snapshot();
        string? workers = media.Mode != MediaPlaneMode.Native ? null
            : plane.AliveWorkerCount == 0 ? "workers_dead"
            : plane.AliveWorkerCount < plane.WorkerCount ? "workers_partly_dead"
            : plane.Problems.Count > 0 ? plane.Problems[0] : null;
        return
        [
            Check("door", door.IsDraining ? "draining" : null),
            Check("workers", workers),
            Check("load", plane.IsOverloaded ? "workers_overloaded" : null),
            Check("sockets", figures.Sockets >= options.Limits.Sockets ? "sockets_full" : null),
            Check("rooms", figures.Rooms >= options.Limits.Rooms ? "rooms_full" : null),
        ];
    }

    private static HealthCheckBody Check(string name, string? reason) => new() { Name = name, Ok = reason is null, Reason = reason };
}
