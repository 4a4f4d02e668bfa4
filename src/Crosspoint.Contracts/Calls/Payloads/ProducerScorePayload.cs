using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>How well a track reaches the server. Sent to the connection that sends it, when it changes.</summary>
public sealed record ProducerScorePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>0 (nothing arrives) to 10 (nothing is missing).</summary>
    [Range(0, 10)]
    public required int Score { get; init; }
}
