using Crosspoint.Media.Negotiation;
using Crosspoint.Workers;

namespace Crosspoint.Calls.Media;

/// <summary>The built-in media engine: rooms are routers on the worker pool.</summary>
/// <remarks>Any thread. The pool belongs to whoever made it.</remarks>
/// <param name="workers">Where the routers are.</param>
/// <param name="codecs">For rooms that do not say.</param>
public sealed class NativeMediaPlane(WorkerPool workers, CodecPolicy codecs) : IMediaPlane
{
    private readonly WorkerPool _workers = workers;
    private readonly CodecPolicy _codecs = codecs;

    /// <inheritdoc/>
    public MediaPlaneMode Mode => MediaPlaneMode.Native;

    /// <inheritdoc/>
    public MediaPlaneSnapshot Snapshot()
    {
        IReadOnlyList<WorkerSnapshot> snapshots = _workers.Snapshots();
        int alive = snapshots.Count(snapshot => snapshot.IsAlive);
        return new MediaPlaneSnapshot
        {
            WorkerCount = snapshots.Count,
            AliveWorkerCount = alive,
            RoomCount = snapshots.Sum(snapshot => snapshot.Routers),
            TransportCount = snapshots.Sum(snapshot => snapshot.Transports),
            ProducerCount = snapshots.Sum(snapshot => snapshot.Producers),
            ConsumerCount = snapshots.Sum(snapshot => snapshot.Consumers),
            IsOverloaded = _workers.IsOverloaded,
            Problems = alive == snapshots.Count ? [] : [$"{snapshots.Count - alive} of {snapshots.Count} media workers have stopped or hang"],
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IMediaRoom> CreateRoomAsync(string roomId, IReadOnlyList<string>? codecs, bool isEncrypted, CancellationToken cancellationToken)
    {
        try
        {
            return new NativeMediaRoom(await _workers.CreateRouterAsync(isEncrypted ? PolicyOf(codecs).ForEncryptedFrames() : PolicyOf(codecs)).WaitAsync(cancellationToken));
        }
        catch (RouterException exception)
        {
            throw NativeMediaRoom.Translate(exception);
        }
        catch (WorkerStoppedException)
        {
            throw NativeMediaRoom.Stopped();
        }
    }

    // The door refused what cannot be parsed.
    private CodecPolicy PolicyOf(IReadOnlyList<string>? codecs) => codecs is not null && CodecPolicy.TryParse(codecs, out CodecPolicy policy, out _) ? policy : _codecs;
}
