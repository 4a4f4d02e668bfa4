using System.ComponentModel.DataAnnotations;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Gives the client's DTLS fingerprints for a transport. ACK only; TRANSPORT_STATE follows when media can flow.</summary>
public sealed record TransportConnectPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The transport, from TRANSPORT_CREATED.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string TransportId { get; init; }

    /// <summary>The client's DTLS role and fingerprints; may be empty only where there is no media plane.</summary>
    [AlwaysWritten]
    public DtlsParameters DtlsParameters { get => field ?? new(); init; } = new();
}
