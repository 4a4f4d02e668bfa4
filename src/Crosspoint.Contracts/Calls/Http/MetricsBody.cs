namespace Crosspoint.Contracts.Calls;

/// <summary>The body of <c>GET /metrics</c> unless the Accept header asks for Prometheus or OpenMetrics text.</summary>
public sealed record MetricsBody
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>The node's region.</summary>
    public required string Region { get; init; }

    /// <summary>Since the start, in seconds.</summary>
    public required double UptimeSec { get; init; }

    /// <summary>Rooms now.</summary>
    public required int Rooms { get; init; }

    /// <summary>Peers in rooms now.</summary>
    public required int Peers { get; init; }

    /// <summary>Producers now.</summary>
    public required int Producers { get; init; }

    /// <summary>The media plane.</summary>
    public required MediaPlaneBody MediaPlane { get; init; }

    /// <summary>Rooms by region.</summary>
    public required IReadOnlyDictionary<string, int> RoomsByRegion { get; init; }
}
