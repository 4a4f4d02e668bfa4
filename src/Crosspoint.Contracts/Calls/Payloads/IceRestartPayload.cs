using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>New ICE credentials for a transport. Answered by ICE_RESTART_OK; media keeps flowing over the old pair meanwhile.</summary>
public sealed record IceRestartPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The transport; absent only from the first clients, whose request is just echoed.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? TransportId { get; init; }

    /// <summary>Which candidates the client will use; <c>relay</c> when absent.</summary>
    public IceRestartPolicy? Policy { get; init; }

    /// <summary><c>CONN_TIMEOUT</c>, <c>FAILED</c>, <c>MIGRATE</c>, <c>MANUAL</c>; other words are accepted.</summary>
    [StringLength(64)]
    public string? Reason { get; init; }
}
