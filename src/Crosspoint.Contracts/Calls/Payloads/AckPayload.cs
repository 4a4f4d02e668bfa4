namespace Crosspoint.Contracts.Calls;

/// <summary>The payload of an ACK: empty, or the outcome in brief.</summary>
public sealed record AckPayload
{
    /// <summary>What the request led to, such as <c>ready</c>, <c>paused</c>, <c>closed</c>.</summary>
    public string? State { get; init; }

    /// <summary>The room's version after the request.</summary>
    public long? RoomVersion { get; init; }
}
