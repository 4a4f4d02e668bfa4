using System.ComponentModel.DataAnnotations;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Asks for a session that lost its socket.</summary>
public sealed record ResumeRequest
{
    /// <summary>From the last WELCOME of that session. Single use; secret.</summary>
    [StringLength(2048)]
    public string? ResumeToken { get; init; }

    /// <summary>The last server <c>seq</c> the client has seen; for diagnosis only, state comes as a snapshot.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    public long? LastServerSeqSeen { get; init; }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => $"ResumeRequest (seq {LastServerSeqSeen})";
}
