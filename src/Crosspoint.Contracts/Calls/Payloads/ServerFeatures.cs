using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>What the server does and demands.</summary>
public sealed record ServerFeatures
{
    /// <summary>Every client frame needs a <c>seq</c>. Always true.</summary>
    public required bool WsSeqRequired { get; init; }

    /// <summary>Whether rooms demand end-to-end encryption.</summary>
    public required bool E2eeRequiredDefault { get; init; }

    /// <summary>Whether SFrame is demanded.</summary>
    public required bool SframeRequired { get; init; }

    /// <summary>Whether this server routes calls. Always true.</summary>
    public required bool SfuEnabled { get; init; }

    /// <summary>The media plane: <c>native</c>, or <c>fallback</c> where only the control plane runs.</summary>
    [StringLength(32)]
    public string? MediaPlane { get; init; }

    /// <summary>How long a session outlives its socket, in seconds; 0 means it does not.</summary>
    [Range(0, 3600)]
    public int? ResumeGraceSec { get; init; }

    /// <summary>Whether ROOM_JOIN needs a join token.</summary>
    public bool? JoinTokenRequired { get; init; }

    /// <summary>Key profiles by name, such as <c>epoch-v1</c>.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? E2eeProfiles { get; init; }

    /// <summary>The largest client frame, in bytes.</summary>
    [Range(1024, 16_777_216)]
    public int? MaxFrameBytes { get; init; }

    /// <summary>The largest REKEY_COMMIT, in bytes, which carries a group's tree.</summary>
    [Range(1024, 16_777_216)]
    public int? MaxCommitFrameBytes { get; init; }
}
