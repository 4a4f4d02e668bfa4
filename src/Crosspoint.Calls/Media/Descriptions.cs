using Crosspoint.Contracts.Calls;
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

    /// <summary>True while the workers are so busy that nobody new should come in.</summary>
    public bool IsOverloaded { get; init; }

    /// <summary>Why the plane cannot take calls, or empty.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>Figures of one transport since it was made; the units are those of <see cref="TransportStatsPayload"/>, which they become.</summary>
public sealed record TransportStatistics
{
    /// <summary>How far the transport is.</summary>
    public required TransportConnectionState State { get; init; }

    /// <summary>Datagrams from the client.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Datagrams to the client.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Bytes from the client, UDP payload.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes to the client, UDP payload.</summary>
    public long BytesSent { get; init; }

    /// <summary>RTP packets from the client that never came.</summary>
    public long PacketsLost { get; init; }

    /// <summary>RTP packets to the client that it reported lost, or null.</summary>
    public long? RemotePacketsLost { get; init; }

    /// <summary>RTP packets sent again, or null.</summary>
    public long? PacketsRetransmitted { get; init; }

    /// <summary>RTP packets from the client that came by retransmission, or null.</summary>
    public long? PacketsRepaired { get; init; }

    /// <summary>Packets the client was asked for, each request counted, or null.</summary>
    public long? NacksSent { get; init; }

    /// <summary>Packets the client asked for, each request counted, or null.</summary>
    public long? NacksReceived { get; init; }

    /// <summary>Repair packets (FlexFEC) to the client, or null.</summary>
    public long? RepairPacketsSent { get; init; }

    /// <summary>Share of RTP to the client lost in its last report, 0 to 1, or null.</summary>
    public double? FractionLost { get; init; }

    /// <summary>Round-trip time in ms, or null before it is measured.</summary>
    public double? RttMs { get; init; }

    /// <summary>Interarrival jitter of what the client sends in ms, or null.</summary>
    public double? JitterMs { get; init; }

    /// <summary>Datagrams dropped by enumerated reason, or null.</summary>
    public IReadOnlyDictionary<string, long>? Drops { get; init; }

    /// <summary>udp or tcp, or null before a pair is selected.</summary>
    public string? Protocol { get; init; }

    /// <summary>The SRTP profile, or null before DTLS is done.</summary>
    public string? SrtpProfile { get; init; }
}
