using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>What the link to this client is found to carry. At most one a second for a transport, and only when it changed.</summary>
public sealed record TransportBandwidthPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The receive transport.</summary>
    public required string TransportId { get; init; }

    /// <summary>All that may be sent now, in bit/s: media, repair and probing.</summary>
    [Range(0L, 10_000_000_000L)]
    public required long AvailableBitrate { get; init; }
}
