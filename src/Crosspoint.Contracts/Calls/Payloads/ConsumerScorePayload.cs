using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>How well a track reaches this client. Sent to the connection that consumes, when it changes.</summary>
public sealed record ConsumerScorePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The consumer.</summary>
    public required string ConsumerId { get; init; }

    /// <summary>What it consumes.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The way from the server to this client: 0 (nothing arrives) to 10 (nothing is missing).</summary>
    [Range(0, 10)]
    public required int Score { get; init; }

    /// <summary>The way from the sender to the server, same scale.</summary>
    [Range(0, 10)]
    public required int ProducerScore { get; init; }
}
