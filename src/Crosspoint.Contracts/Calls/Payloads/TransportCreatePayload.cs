using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Makes a WebRTC transport. Answered by TRANSPORT_CREATED.</summary>
public sealed record TransportCreatePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>Send or receive; anything but <c>"recv"</c> is read as sending.</summary>
    [AlwaysWritten]
    public TransportDirection Direction { get; init; }

    /// <summary>Leaves UDP candidates out.</summary>
    public bool? ForceTcp { get; init; }
}
