using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Answers ICE_RESTART. Without a transport in the request only <c>policy</c> comes back.</summary>
public sealed record IceRestartOkPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>As asked; <c>relay</c> when the request named none.</summary>
    public required IceRestartPolicy Policy { get; init; }

    /// <summary>The transport.</summary>
    public string? TransportId { get; init; }

    /// <summary>The server's new credentials: give them to <c>transport.restartIce()</c>.</summary>
    public IceParameters? IceParameters { get; init; }

    /// <summary>STUN and TURN servers the client may use besides.</summary>
    public IReadOnlyList<IceServer>? IceServers { get; init; }
}
