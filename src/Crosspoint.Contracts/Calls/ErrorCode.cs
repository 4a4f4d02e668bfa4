namespace Crosspoint.Contracts.Calls;

/// <summary>A row of the error table.</summary>
/// <param name="Code">The word on the wire.</param>
/// <param name="Retryable">Whether the same request may succeed later, unless the frame says otherwise.</param>
/// <param name="Meaning">In one sentence.</param>
public sealed record ErrorCode(string Code, bool Retryable, string Meaning);
