using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Peer;

/// <summary>What the owner of a <see cref="PeerSession"/> decides, protocol by protocol. Immutable.</summary>
public sealed record PeerSessionOptions
{
    /// <summary>A server whose addresses can be reached from anywhere: ICE lite, controlled.</summary>
    public static readonly PeerSessionOptions Server = new() { Ice = new IceAgentOptions { Mode = IceMode.Lite, Role = IceRole.Controlled } };

    /// <summary>A client that looks for its server: full ICE, controlling.</summary>
    public static readonly PeerSessionOptions Client = new() { Ice = new IceAgentOptions { Mode = IceMode.Full, Role = IceRole.Controlling } };

    /// <summary>ICE.</summary>
    public IceAgentOptions Ice { get; init; } = new();

    /// <summary>DTLS.</summary>
    public DtlsSessionOptions Dtls { get; init; } = new();

    /// <summary>SRTP and SRTCP.</summary>
    public SrtpOptions Srtp { get; init; } = new();
}
