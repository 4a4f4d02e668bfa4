namespace Crosspoint.Contracts.Calls;

/// <summary>A row of the table of close codes.</summary>
/// <param name="Code">The number.</param>
/// <param name="Reason">The close reason on the wire, also a metric label.</param>
/// <param name="Reconnect">Whether a client should connect again by itself.</param>
/// <param name="Meaning">In one sentence.</param>
public sealed record CloseCode(int Code, string Reason, bool Reconnect, string Meaning);
