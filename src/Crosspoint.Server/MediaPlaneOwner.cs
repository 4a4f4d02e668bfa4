using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Encryption;
using Crosspoint.Primitives;
using Crosspoint.Workers;

namespace Crosspoint.Server;

/// <summary>The one place where the server decides which media plane it runs on, and the owner of what is behind it.</summary>
internal sealed class MediaPlaneOwner : IAsyncDisposable
{
    private readonly WorkerPool? _workers;

    private MediaPlaneOwner(IMediaPlane plane, WorkerPool? workers)
    {
        Plane = plane;
        _workers = workers;
    }

    /// <summary>The plane.</summary>
    internal IMediaPlane Plane { get; }

    /// <summary>A plane somebody else made and owns.</summary>
    internal static MediaPlaneOwner Of(IMediaPlane given) => new(given, null);

    /// <summary>The plane the options ask for, started.</summary>
    internal static async Task<MediaPlaneOwner> StartAsync(MediaOptions options, FrameCheckOptions frames, Action<WorkerIncident> report)
    {
        if (!options.Enabled)
        {
            return new(new ControlOnlyMediaPlane(), null);
        }

        WorkerPoolOptions defaults = new();
        WorkerPool workers = await WorkerPool.StartAsync(
            defaults with
            {
                WorkerCount = options.Workers == 0 ? defaults.WorkerCount : options.Workers,
                Routers = defaults.Routers with
                {
                    CongestionControl = options.CongestionControl ? CongestionControl.TransportWide : CongestionControl.None,
                    Bandwidth = defaults.Routers.Bandwidth with { Max = Bitrate.FromKilobits(options.MaxDownlinkMegabits * 1000.0) },
                    FrameCheck = frames,
                },
                MaxLoad = Share(options.MaxWorkerLoadPercent),
                SpreadAbove = Share(options.RoomSpreadLoadPercent),
                SharedUdpPort = (ushort)options.UdpPort,
                SteerSharedPort = options.UdpSteering,
                UdpOffload = options.UdpOffload,
                UdpImplementation = options.UdpImplementation,
                SrtpEngine = options.SrtpEngine,
                PinWorkers = options.PinWorkers,
                RaisePriority = options.RaiseWorkers,
                GatherTime = options.GatherTime,
                AnnouncedAddresses = options.AnnouncedAddresses,
                MinPort = (ushort)options.MinPort,
                MaxPort = (ushort)options.MaxPort,
            },
            report);
        return new(new NativeMediaPlane(workers, options.Codecs), workers);
    }

    // All of a core is no limit at all.
    private static double Share(int percent) => percent == 100 ? double.PositiveInfinity : percent / 100.0;

    /// <summary>The workers behind the native plane; null without it.</summary>
    internal WorkerPool? Workers => _workers;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _workers?.DisposeAsync() ?? ValueTask.CompletedTask;
}
