using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Janus.Sdp;
using Crosspoint.Load.Media;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Janus;

/// <summary>A videoroom, and the session through which everybody in it is signalled: one handle for each leg.</summary>
/// <remarks>One caller at a time; the joins of one call run in parallel.</remarks>
internal sealed class JanusRoom : ILoadRoom
{
    // Given to me.
    private readonly LoadEngine _engine;
    private readonly long _id;

    // Made by me.
    private readonly JanusConnection _connection;
    private readonly JanusSession _session;
    private readonly SemaphoreSlim _joining;
    private readonly Lock _lock = new();
    private readonly Dictionary<Leg, VideoRoomHandle> _handles = [];
    private readonly List<(Leg Leg, long Feed)> _feeds = [];

    private JanusRoom(LoadEngine engine, long id, JanusConnection connection, JanusSession session, int maxParallelJoins)
    {
        _engine = engine;
        _id = id;
        _connection = connection;
        _session = session;
        _joining = new SemaphoreSlim(maxParallelJoins);
    }

    /// <summary>Connects and creates the room.</summary>
    public static async Task<JanusRoom> CreateAsync(LoadEngine engine, Uri address, long id, int maxParallelJoins, CancellationToken cancellationToken)
    {
        JanusConnection connection = await JanusConnection.ConnectAsync(address, cancellationToken);
        JanusRoom room = new(engine, id, connection, await JanusSession.CreateAsync(connection, cancellationToken), maxParallelJoins);
        VideoRoomHandle handle = await room._session.AttachAsync(cancellationToken);
        await handle.CreateRoomAsync(id, cancellationToken);
        await handle.DetachAsync(cancellationToken);
        return room;
    }

    /// <inheritdoc/>
    public async Task<Leg> AddPublisherAsync(IReadOnlyList<TrackDescription> tracks, LegOptions options, CancellationToken cancellationToken)
    {
        VideoRoomHandle handle = await _session.AttachAsync(cancellationToken);
        Leg leg = Open(handle, options);
        (long feed, SdpDescription answer) = await handle.PublishAsync(_id, JanusOffer.Of(leg, tracks), cancellationToken);
        lock (_lock)
        {
            _feeds.Add((leg, feed));
        }

        leg.Connect(answer.Transport.ToRemotePeer());
        await leg.Connected.WaitAsync(cancellationToken);
        await handle.MediaMayFlow.WaitAsync(cancellationToken);
        return leg;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Leg>> AddSubscribersAsync(IReadOnlyList<LegOptions> options, CancellationToken cancellationToken)
    {
        long[] feeds = [.. _feeds.Select(publisher => publisher.Feed)];
        return await Task.WhenAll(options.Select(option => SubscribeAsync(feeds, option, cancellationToken)));
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(Leg leg)
    {
        VideoRoomHandle? handle;
        lock (_lock)
        {
            _handles.Remove(leg, out handle);
            _feeds.RemoveAll(publisher => publisher.Leg == leg);
        }

        _engine.Close(leg);
        if (handle is not null)
        {
            await handle.DetachAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Leg leg in _handles.Keys)
        {
            _engine.Close(leg);
        }

        await _session.DisposeAsync();
        await _connection.DisposeAsync();
        _joining.Dispose();
    }

    private async Task<Leg> SubscribeAsync(IReadOnlyList<long> feeds, LegOptions options, CancellationToken cancellationToken)
    {
        await _joining.WaitAsync(cancellationToken);
        try
        {
            VideoRoomHandle handle = await _session.AttachAsync(cancellationToken);
            SdpDescription offer = await handle.SubscribeAsync(_id, feeds, cancellationToken);
            Leg leg = Open(handle, options);
            foreach (SdpMedia media in offer.Media.Where(media => !media.IsRejected && media.MediaSsrc is not null))
            {
                leg.Expect(media.Kind == "audio" ? MediaKind.Audio : MediaKind.Video, media.MediaSsrc!.Value);
            }

            await handle.StartAsync(JanusAnswer.Of(leg, offer), cancellationToken);
            leg.Connect(offer.Transport.ToRemotePeer());
            await leg.Connected.WaitAsync(cancellationToken);
            return leg;
        }
        finally
        {
            _joining.Release();
        }
    }

    private Leg Open(VideoRoomHandle handle, LegOptions options)
    {
        Leg leg = _engine.Open(options);
        lock (_lock)
        {
            _handles.Add(leg, handle);
        }

        return leg;
    }
}
