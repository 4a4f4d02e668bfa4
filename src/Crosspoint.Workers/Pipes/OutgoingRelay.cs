using Crosspoint.Media;

namespace Crosspoint.Workers.Pipes;

/// <summary>A track that goes through a pipe, at the end it comes from.</summary>
/// <param name="ProducerId">Its id, the same on every worker.</param>
/// <param name="End">The sending end.</param>
internal sealed record OutgoingRelay(string ProducerId, PipeEnd End)
{
    /// <summary>What takes it from its producer: one for each of its encodings, from the smallest up.</summary>
    public required IReadOnlyList<Consumer> Consumers { get; init; }
}
