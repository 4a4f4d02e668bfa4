using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers;

/// <summary>Something rare that an operator should read about.</summary>
/// <param name="WorkerIndex">Which worker.</param>
/// <param name="What">A short sentence without secrets.</param>
/// <param name="Exception">The exception behind it, if one is.</param>
public sealed record WorkerIncident(int WorkerIndex, string What, Exception? Exception);

/// <summary>What a router tells its owner, in order, over a channel.</summary>
public abstract record RouterNotification
{
    private RouterNotification()
    {
    }

    /// <summary>A transport's peer connected, was lost, failed or closed. The first time keys for SRTP are there, it says how long DTLS took.</summary>
    public sealed record TransportChanged(string TransportId, PeerState State, PeerReason Reason, TimeSpan? HandshakeTime = null) : RouterNotification;

    /// <summary>Who speaks, loudest first; empty when all are silent. Levels in dBov, −127 to 0 (RFC 6464).</summary>
    public sealed record SpeakersChanged(IReadOnlyList<Speaker> Speakers) : RouterNotification;

    /// <summary>Who the room looks at from now on.</summary>
    public sealed record DominantSpeakerChanged(string ProducerId) : RouterNotification;

    /// <summary>The router closed a producer by itself.</summary>
    public sealed record ProducerClosed(string ProducerId, string Reason) : RouterNotification;

    /// <summary>The router closed a consumer by itself, because its producer went.</summary>
    public sealed record ConsumerClosed(string ConsumerId, string Reason) : RouterNotification;

    /// <summary>A consumer is sent, or is to be sent, another layer; null for none.</summary>
    public sealed record LayersChanged(string ConsumerId, LayerId? Current, LayerId? Target) : RouterNotification;

    /// <summary>How much of a consumer's packets arrive, 0 to 10; at most once a second.</summary>
    public sealed record ConsumerScore(string ConsumerId, byte Score) : RouterNotification;

    /// <summary>How much of a producer's packets arrive here, 0 to 10; at most once a second.</summary>
    public sealed record ProducerScore(string ProducerId, byte Score) : RouterNotification;

    /// <summary>The router began or ceased to send a consumer nothing: for want of bandwidth, or by its subscriber's limits.</summary>
    public sealed record SuspensionChanged(string ConsumerId, Suspension Suspension) : RouterNotification;

    /// <summary>The highest spatial layer that anybody in the room wants of a video; null when nobody wants any. The sender may stop encoding what lies above.</summary>
    public sealed record WatchedLayersChanged(string ProducerId, int? MaxSpatial) : RouterNotification;

    /// <summary>Too many frames of a producer in an encrypted room are not encrypted as they must be: its owner must close it. Told once.</summary>
    public sealed record FramesRefused(string ProducerId, FrameRefusal Refusal) : RouterNotification;

    /// <summary>What a transport's network is believed to carry to its peer; at most once a second.</summary>
    public sealed record BandwidthChanged(string TransportId, Bitrate Estimate) : RouterNotification;
}

/// <summary>One speaker of <see cref="RouterNotification.SpeakersChanged"/>.</summary>
public sealed record Speaker(string ProducerId, int LevelDbov);

/// <summary>What a client needs to reach a new transport.</summary>
public sealed record TransportOffer(string Id, IceParameters Ice, IReadOnlyList<IceCandidate> Candidates, DtlsParameters Dtls);

/// <summary>What a client needs to receive a new consumer.</summary>
public sealed record ConsumerOffer(string Id, string ProducerId, MediaKind Kind, RtpParameters Rtp, string Type, bool Paused, bool ProducerPaused);

/// <summary>One transport in figures. Media packets and bytes on the wire.</summary>
public sealed record TransportFigures
{
    /// <summary>Where its peer stands.</summary>
    public required PeerState State { get; init; }

    /// <summary>RTP packets from the peer.</summary>
    public long RtpPacketsReceived { get; init; }

    /// <summary>RTP and RTCP packets to the peer.</summary>
    public long RtpPacketsSent { get; init; }

    /// <summary>Bytes from the peer.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes to the peer.</summary>
    public long BytesSent { get; init; }

    /// <summary>Packets of the peer that never came.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Packets we sent again.</summary>
    public long PacketsRetransmitted { get; init; }

    /// <summary>Packets of the peer that came by retransmission.</summary>
    public long PacketsRepaired { get; init; }

    /// <summary>Sequence numbers we asked the peer for; what it repaired of them says what asking is worth.</summary>
    public long NacksSent { get; init; }

    /// <summary>Our packets that the peer reported lost, before repair.</summary>
    public long RemotePacketsLost { get; init; }

    /// <summary>Repair packets (FlexFEC) sent.</summary>
    public long RepairPacketsSent { get; init; }

    /// <summary>Sequence numbers the peer asked for.</summary>
    public long NacksReceived { get; init; }

    /// <summary>Keyframes the peer asked for.</summary>
    public long KeyFrameRequestsReceived { get; init; }

    /// <summary>By RTCP, or by ICE; null before either measured.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Of what the peer sends (RFC 3550 §6.4.1).</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>Share of our packets the peer missed lately, 0 to 1.</summary>
    public double? FractionLost { get; init; }

    /// <summary>"local remote protocol".</summary>
    public string? SelectedPair { get; init; }
}

/// <summary>What can go wrong with a router's verbs. The control plane maps it to its own codes.</summary>
public enum RouterError
{
    /// <summary>No transport has this id.</summary>
    TransportNotFound,

    /// <summary>No producer has this id.</summary>
    ProducerNotFound,

    /// <summary>No consumer has this id.</summary>
    ConsumerNotFound,

    /// <summary>The parameters are wrong, or do not fit what is there.</summary>
    Invalid,

    /// <summary>The client cannot receive what the producer sends.</summary>
    CannotConsume,

    /// <summary>The verb was used before, or too late.</summary>
    WrongState,

    /// <summary>A limit of the worker is reached.</summary>
    LimitReached,

    /// <summary>Every worker that could take it is busy; see <see cref="RouterException.RetryAfter"/>.</summary>
    Overloaded,
}

/// <summary>A router's verb that could not be done.</summary>
public sealed class RouterException(RouterError error, string message) : Exception(message)
{
    /// <summary>What went wrong.</summary>
    public RouterError Error { get; } = error;

    /// <summary>When it may be tried again; null when that would change nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
