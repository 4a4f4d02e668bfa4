namespace Crosspoint.Contracts.Calls;

/// <summary>Whether the room is encrypted, and its epoch.</summary>
public sealed record E2eeSummary
{
    /// <summary>Whether media is refused before E2EE_READY.</summary>
    public required bool Required { get; init; }

    /// <summary>The current key epoch.</summary>
    public required long Epoch { get; init; }
}
