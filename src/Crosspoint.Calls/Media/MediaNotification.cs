using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Media;

/// <summary>Something that happened on the media side of a room.</summary>
public abstract record MediaNotification;

/// <summary>A transport came up, broke, recovered or ended; the reason is a short machine-readable word, also a metric label. How long DTLS took is told once.</summary>
public sealed record TransportStateChanged(string TransportId, TransportConnectionState State, string Reason, TimeSpan? HandshakeTime = null) : MediaNotification;

/// <summary>Who speaks, loudest first; empty when nobody does.</summary>
public sealed record ActiveSpeakersChanged(IReadOnlyList<SpeakerLevel> Speakers) : MediaNotification;

/// <summary>Who the room looks at from now on.</summary>
public sealed record DominantSpeakerChanged(string ProducerId) : MediaNotification;

/// <summary>A producer ended on the media side.</summary>
public sealed record ProducerClosed(string ProducerId, string Reason) : MediaNotification;

/// <summary>A consumer ended on the media side.</summary>
public sealed record ConsumerClosed(string ConsumerId, string Reason) : MediaNotification;

/// <summary>A producer's frames are again and again not encrypted as the room demands; nothing of them was forwarded.</summary>
public sealed record FramesRefused(string ProducerId) : MediaNotification;

/// <summary>What a consumer is sent of a video changed: what is sent now and what will be; null for nothing.</summary>
public sealed record LayersChanged(string ConsumerId, VideoLayers? Current, VideoLayers? Target) : MediaNotification;

/// <summary>The plane holds a consumer back for a reason of its own, or lets it go on (null).</summary>
public sealed record ConsumerHeldBack(string ConsumerId, ConsumerStarvedReason? Reason) : MediaNotification;

/// <summary>How well a track reaches a client, 0 to 10.</summary>
public sealed record ConsumerScored(string ConsumerId, int Score) : MediaNotification;

/// <summary>How well a track reaches the server, 0 to 10.</summary>
public sealed record ProducerScored(string ProducerId, int Score) : MediaNotification;

/// <summary>The highest encoding or spatial layer of a producer that anybody watches; null while nobody does.</summary>
public sealed record WatchedLayersChanged(string ProducerId, int? MaxSpatialLayer) : MediaNotification;

/// <summary>What a transport's link is found to carry, in bit/s.</summary>
public sealed record BandwidthChanged(string TransportId, long AvailableBitrate) : MediaNotification;

/// <summary>One speaker; the level is in dBov, 0 loudest to -127 silence (RFC 6464).</summary>
public readonly record struct SpeakerLevel(string ProducerId, int LevelDbov);
