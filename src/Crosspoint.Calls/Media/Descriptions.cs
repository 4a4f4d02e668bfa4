using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Media;

/// <summary>What a client needs to connect a transport.</summary>
public sealed record TransportDescription(string Id, IceParameters IceParameters, IReadOnlyList<IceCandidate> IceCandidates, DtlsParameters DtlsParameters);

/// <summary>A track that was accepted. <paramref name="Type"/> is simple, simulcast or svc.</summary>
public sealed record ProducerDescription(string Id, string Type = "simple");

/// <summary>A track on offer: what the client's receiver must be set to. <paramref name="Type"/> is simple, simulcast, svc or pipe.</summary>
public sealed record ConsumerDescription(string Id, RtpParameters RtpParameters, string Type, bool ProducerPaused);

/// <summary>Figures for health and metrics.</summary>
public sealed record MediaPlaneSnapshot
{
    /// <summary>Workers that were started.</summary>
    public int WorkerCount { get; init; }

    /// <summary>Workers that are alive and keep their timers.</summary>
    public int AliveWorkerCount { get; init; }

    /// <summary>Routers.</summary>
    public int RoomCount { get; init; }

    /// <summary>Transports.</summary>
    public int TransportCount { get; init; }

    /// <summary>Producers.</summary>
    public int ProducerCount { get; init; }

    /// <summary>Consumers.</summary>
    public int ConsumerCount { get; init; }

    /// <summary>Why the plane cannot take calls, or empty.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>Figures of one transport since it was made. Sizes in bytes, times in milliseconds.</summary>
public sealed record TransportStatistics
{
    /// <summary>connecting, connected, disconnected, failed or closed.</summary>
    public required string State { get; init; }

    /// <summary>RTP packets from the client.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>RTP packets to the client.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Bytes from the client, on the wire.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes to the client, on the wire.</summary>
    public long BytesSent { get; init; }

    /// <summary>Packets that never came.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Packets sent again.</summary>
    public long PacketsRetransmitted { get; init; }

    /// <summary>NACKs from the client.</summary>
    public long NacksReceived { get; init; }

    /// <summary>Keyframe requests from the client.</summary>
    public long KeyFrameRequestsReceived { get; init; }

    /// <summary>Round-trip time by RTCP, or null before the first report.</summary>
    public double? RoundTripTimeMs { get; init; }

    /// <summary>Interarrival jitter of what the client sends, or null.</summary>
    public double? JitterMs { get; init; }

    /// <summary>Share of packets the client says it missed, 0 to 1, or null.</summary>
    public double? FractionLost { get; init; }

    /// <summary>The selected pair as "local remote protocol", or null.</summary>
    public string? SelectedPair { get; init; }
}
