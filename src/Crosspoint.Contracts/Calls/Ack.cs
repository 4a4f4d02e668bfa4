using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>The outcome of a request; the last frame it causes.</summary>
public sealed record Ack
{
    /// <summary>The <c>msgId</c> of the request.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string AckOfMsgId { get; init; }

    /// <summary>Whether it was done.</summary>
    public required bool Ok { get; init; }

    /// <summary>Why not.</summary>
    public AckError? Error { get; init; }
}
