namespace Crosspoint.Contracts.Calls;

/// <summary>The body of <c>GET /health</c>, <c>/healthz</c> and <c>/ready</c>; 200 when <see cref="Ok"/>, else 503.</summary>
public sealed record HealthBody
{
    /// <summary>Whether the node can take calls. Every check passes.</summary>
    public required bool Ok { get; init; }

    /// <summary><c>ok</c> or <c>unhealthy</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The node's region.</summary>
    public required string Region { get; init; }

    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Whether new WebSockets are accepted.</summary>
    public required bool WsReady { get; init; }

    /// <summary>Rooms now.</summary>
    public required int Rooms { get; init; }

    /// <summary>Peers in rooms now.</summary>
    public required int Peers { get; init; }

    /// <summary>Since the start, in seconds.</summary>
    public required double UptimeSec { get; init; }

    /// <summary>Where clients should go.</summary>
    public required FailoverHints FailoverHints { get; init; }

    /// <summary>The media plane: <c>native</c> or <c>fallback</c>.</summary>
    public string? MediaPlane { get; init; }

    /// <summary>What was checked.</summary>
    public IReadOnlyList<HealthCheckBody>? Checks { get; init; }
}
