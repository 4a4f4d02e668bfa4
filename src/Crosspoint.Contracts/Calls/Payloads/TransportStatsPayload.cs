using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Answers TRANSPORT_STATS_GET.</summary>
public sealed record TransportStatsPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The transport.</summary>
    public required string TransportId { get; init; }

    /// <summary>How far it is.</summary>
    public required TransportConnectionState State { get; init; }

    /// <summary>When this was read, ms since the Unix epoch.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Datagrams from the client.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>Datagrams to the client.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>Bytes from the client, UDP payload.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes to the client, UDP payload.</summary>
    public required long BytesSent { get; init; }

    /// <summary>RTP packets from the client that never came.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>RTP packets to the client that it reported lost.</summary>
    public long? RemotePacketsLost { get; init; }

    /// <summary>RTP packets sent again at the client's request.</summary>
    public long? PacketsRetransmitted { get; init; }

    /// <summary>RTP packets from the client that came by retransmission.</summary>
    public long? PacketsRepaired { get; init; }

    /// <summary>Packets the client was asked for, each request counted.</summary>
    public long? NacksSent { get; init; }

    /// <summary>Packets the client asked for, each request counted.</summary>
    public long? NacksReceived { get; init; }

    /// <summary>Repair packets (FlexFEC) to the client.</summary>
    public long? RepairPacketsSent { get; init; }

    /// <summary>The share of RTP to the client lost in its last report, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double? FractionLost { get; init; }

    /// <summary>Round-trip time, ms; absent until measured.</summary>
    public double? RttMs { get; init; }

    /// <summary>Interarrival jitter of what the client sends, ms; the worst of its streams.</summary>
    public double? JitterMs { get; init; }

    /// <summary>Datagrams dropped, by enumerated reason.</summary>
    public IReadOnlyDictionary<string, long>? Drops { get; init; }

    /// <summary>The protocol of the selected pair: <c>udp</c> or <c>tcp</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>The SRTP profile, such as <c>AEAD_AES_128_GCM</c>.</summary>
    public string? SrtpProfile { get; init; }
}
