using System.Threading.Channels;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Media;

/// <summary>Where rooms get their media from. Any thread may call; implementations hand the work to whoever owns it.</summary>
public interface IMediaPlane
{
    /// <summary>Whether media really flows.</summary>
    MediaPlaneMode Mode { get; }

    /// <summary>Figures for health and metrics; cheap, never blocks.</summary>
    MediaPlaneSnapshot Snapshot();

    /// <summary>Makes the media side of a room, with these codecs, in the names of ROOM_CREATE; null for the plane's own choice. Encrypted frames leave out codecs whose frames cannot be.</summary>
    /// <exception cref="MediaPlaneException">No worker can take it.</exception>
    ValueTask<IMediaRoom> CreateRoomAsync(string roomId, IReadOnlyList<string>? codecs, bool isEncrypted, CancellationToken cancellationToken);
}

/// <summary>The media side of one room: a router and everything attached to it. Disposing it closes all of that.</summary>
/// <remarks>The calls door calls it from the room's mailbox only, one call at a time. Every failure a client can cause is a <see cref="MediaPlaneException"/>.</remarks>
public interface IMediaRoom : IAsyncDisposable
{
    /// <summary>What the router can receive and send.</summary>
    RtpCapabilities RouterRtpCapabilities { get; }

    /// <summary>What happens on the media side, in order. Completes when the room is disposed or its worker died (with the exception, then).</summary>
    ChannelReader<MediaNotification> Notifications { get; }

    /// <summary>Makes a transport, not yet connected.</summary>
    ValueTask<TransportDescription> CreateTransportAsync(TransportDirection direction, CancellationToken cancellationToken);

    /// <summary>Gives the client's DTLS role and fingerprints.</summary>
    ValueTask ConnectTransportAsync(string transportId, DtlsParameters dtls, CancellationToken cancellationToken);

    /// <summary>New ICE credentials on the same transport; media goes on over the old pair until a new one is validated.</summary>
    ValueTask<IceParameters> RestartIceAsync(string transportId, CancellationToken cancellationToken);

    /// <summary>Closes a transport with its producers and consumers. Unknown ids are ignored.</summary>
    ValueTask CloseTransportAsync(string transportId, CancellationToken cancellationToken);

    /// <summary>Accepts a track.</summary>
    ValueTask<ProducerDescription> ProduceAsync(string transportId, MediaKind kind, RtpParameters rtp, bool paused, CancellationToken cancellationToken);

    /// <summary>Offers a track of somebody else. <paramref name="transportId"/> is empty only on a control-only plane.</summary>
    ValueTask<ConsumerDescription> ConsumeAsync(string transportId, string producerId, RtpCapabilities capabilities, bool paused, CancellationToken cancellationToken);

    /// <summary>Stops or restarts forwarding of a producer to all its consumers.</summary>
    ValueTask SetProducerPausedAsync(string producerId, bool paused, CancellationToken cancellationToken);

    /// <summary>Stops or restarts forwarding to one consumer.</summary>
    ValueTask SetConsumerPausedAsync(string consumerId, bool paused, CancellationToken cancellationToken);

    /// <summary>The highest layers a consumer wants; null means as much as the link carries.</summary>
    ValueTask SetPreferredLayersAsync(string consumerId, VideoLayers? preferred, CancellationToken cancellationToken);

    /// <summary>How much a consumer matters among those of its transport, 0 to 255; higher is served first.</summary>
    ValueTask SetPriorityAsync(string consumerId, byte priority, CancellationToken cancellationToken);

    /// <summary>How much video a transport wants: of the last <paramref name="lastN"/> speakers, at most <paramref name="maxVideo"/> at a time; null is no limit.</summary>
    ValueTask SetLimitsAsync(string transportId, int? lastN, int? maxVideo, CancellationToken cancellationToken);

    /// <summary>Frames are encrypted, and those of these epochs of the group pass: from the oldest to the current one.</summary>
    ValueTask SetFrameEpochsAsync(ulong current, ulong oldest, CancellationToken cancellationToken);

    /// <summary>Whose frames a producer's are; nothing of it passes before.</summary>
    ValueTask SetFrameLeafAsync(string producerId, int leaf, MediaKind kind, MediaSource source, CancellationToken cancellationToken);

    /// <summary>Forwards what comes and goes over a transport, or nothing of it.</summary>
    ValueTask SetForwardingAsync(string transportId, bool isForwarded, CancellationToken cancellationToken);

    /// <summary>Asks every video for a keyframe.</summary>
    ValueTask RequestKeyframesAsync(CancellationToken cancellationToken);

    /// <summary>Closes a producer and its consumers. Unknown ids are ignored.</summary>
    ValueTask CloseProducerAsync(string producerId, CancellationToken cancellationToken);

    /// <summary>Closes a consumer. Unknown ids are ignored.</summary>
    ValueTask CloseConsumerAsync(string consumerId, CancellationToken cancellationToken);

    /// <summary>Figures of one transport.</summary>
    ValueTask<TransportStatistics> GetStatisticsAsync(string transportId, CancellationToken cancellationToken);
}

/// <summary>Whether media really flows.</summary>
public enum MediaPlaneMode
{
    /// <summary>The runbook's fallback: answers are well-formed, no packet is ever received.</summary>
    ControlOnly,

    /// <summary>The built-in engine.</summary>
    Native,
}
