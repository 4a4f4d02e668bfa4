namespace Crosspoint.Contracts.Calls;

/// <summary>Sent before the server closes with 4001: the user may no longer use this connection.</summary>
public sealed record AuthFailPayload
{
    /// <summary>Why, such as <c>TOKEN_EXPIRED</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether a new connection with a new token may help.</summary>
    public required bool Retryable { get; init; }
}
