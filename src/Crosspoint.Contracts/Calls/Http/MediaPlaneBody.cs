namespace Crosspoint.Contracts.Calls;

/// <summary>The media plane in figures.</summary>
public sealed record MediaPlaneBody
{
    /// <summary><c>native</c>, or <c>fallback</c> where only the control plane runs.</summary>
    public required string Mode { get; init; }

    /// <summary>Rooms with a router.</summary>
    public required int RoomCount { get; init; }

    /// <summary>Transports.</summary>
    public required int TransportCount { get; init; }

    /// <summary>Producers.</summary>
    public required int ProducerCount { get; init; }

    /// <summary>Consumers.</summary>
    public required int ConsumerCount { get; init; }

    /// <summary>Worker threads.</summary>
    public required int WorkerCount { get; init; }
}
