using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Answers TRANSPORT_CREATE: what <c>createSendTransport</c> or <c>createRecvTransport</c> wants.</summary>
public sealed record TransportCreatedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The transport.</summary>
    public required string TransportId { get; init; }

    /// <summary>What it is for.</summary>
    public required TransportDirection Direction { get; init; }

    /// <summary>The server's ICE credentials.</summary>
    public required IceParameters IceParameters { get; init; }

    /// <summary>Where the server listens; empty where there is no media plane.</summary>
    public required IReadOnlyList<IceCandidate> IceCandidates { get; init; }

    /// <summary>The server's DTLS role and fingerprints.</summary>
    public required DtlsParameters DtlsParameters { get; init; }

    /// <summary>STUN and TURN servers the client may use besides.</summary>
    public IReadOnlyList<IceServer>? IceServers { get; init; }
}
