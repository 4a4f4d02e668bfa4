using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Load.Janus.Sdp;

/// <summary>The one transport that a bundled description is about: ICE and DTLS of its writer.</summary>
internal sealed record SdpTransport
{
    /// <summary>ICE user name fragment and password.</summary>
    public required IceCredentials Credentials { get; init; }

    /// <summary>The certificate's hashes.</summary>
    public required IReadOnlyList<DtlsFingerprint> Fingerprints { get; init; }

    /// <summary>The DTLS role.</summary>
    public SdpSetup Setup { get; init; }

    /// <summary>Where the writer can be reached.</summary>
    public IReadOnlyList<IceCandidate> Candidates { get; init; } = [];

    /// <summary>True for an agent that only answers checks (RFC 8445 §2.5).</summary>
    public bool IsIceLite { get; init; }
}
