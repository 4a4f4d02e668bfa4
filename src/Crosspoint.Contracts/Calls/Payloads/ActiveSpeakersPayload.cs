namespace Crosspoint.Contracts.Calls;

/// <summary>Who speaks, loudest first; empty when nobody does. Sent to everyone when it changes.</summary>
public sealed record ActiveSpeakersPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Loudest first.</summary>
    public required IReadOnlyList<ActiveSpeaker> Speakers { get; init; }
}
