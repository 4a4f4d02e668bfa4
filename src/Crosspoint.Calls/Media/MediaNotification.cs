using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Media;

/// <summary>Something that happened on the media side of a room.</summary>
public abstract record MediaNotification;

/// <summary>A transport came up, broke, recovered or ended; the reason is a short machine-readable word, also a metric label. How long DTLS took is told once.</summary>
public sealed record TransportStateChanged(string TransportId, TransportConnectionState State, string Reason, TimeSpan? HandshakeTime = null) : MediaNotification;

/// <summary>Who speaks, loudest first; empty when nobody does.</summary>
public sealed record ActiveSpeakersChanged(IReadOnlyList<SpeakerLevel> Speakers) : MediaNotification;

/// <summary>A producer ended on the media side.</summary>
public sealed record ProducerClosed(string ProducerId, string Reason) : MediaNotification;

/// <summary>A consumer ended on the media side.</summary>
public sealed record ConsumerClosed(string ConsumerId, string Reason) : MediaNotification;

/// <summary>One speaker; the level is in dBov, 0 loudest to -127 silence (RFC 6464).</summary>
public readonly record struct SpeakerLevel(string ProducerId, int LevelDbov);
