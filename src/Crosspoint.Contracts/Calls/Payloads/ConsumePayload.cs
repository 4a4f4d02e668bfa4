using System.ComponentModel.DataAnnotations;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Starts receiving a producer. Answered by CONSUMER_ADDED.</summary>
public sealed record ConsumePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The producer, from PRODUCER_ADDED or the snapshot.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string ProducerId { get; init; }

    /// <summary>What the client can receive; may be empty only where there is no media plane.</summary>
    [AlwaysWritten]
    public RtpCapabilities RtpCapabilities { get => field ?? new(); init; } = new();

    /// <summary>A receive transport; the connection's first one when absent.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? TransportId { get; init; }

    /// <summary>Whether the consumer starts paused, to be started by CONSUMER_RESUME; false when absent.</summary>
    public bool? Paused { get; init; }

    /// <summary>The highest layers wanted, as in CONSUMER_SET_PREFERRED_LAYERS; absent means as much as the link carries.</summary>
    public VideoLayers? PreferredLayers { get; init; }

    /// <summary>How much it matters, as in CONSUMER_SET_PRIORITY; 1 when absent.</summary>
    [Range(0, 255)]
    public int? Priority { get; init; }

    /// <summary>Ignored (<c>low-latency</c> is sent by the first clients).</summary>
    [StringLength(32)]
    public string? Mode { get; init; }
}
