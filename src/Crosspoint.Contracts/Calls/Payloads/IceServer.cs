namespace Crosspoint.Contracts.Calls;

/// <summary>A STUN or TURN server (W3C <c>RTCIceServer</c>).</summary>
public sealed record IceServer
{
    /// <summary>Its URLs.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>TURN only.</summary>
    public string? Username { get; init; }

    /// <summary>TURN only. Secret.</summary>
    public string? Credential { get; init; }

    /// <summary>Keeps the credential out of logs.</summary>
    public override string ToString() => $"IceServer {string.Join(' ', Urls)}";
}
