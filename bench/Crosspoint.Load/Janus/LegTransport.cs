using Crosspoint.Load.Engine;
using Crosspoint.Load.Janus.Sdp;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Load.Janus;

/// <summary>Between a leg and the transport part of a description.</summary>
internal static class LegTransport
{
    /// <summary>Our side of a leg.</summary>
    public static SdpTransport Of(Leg leg, SdpSetup setup) => new()
    {
        Credentials = leg.IceCredentials,
        Fingerprints = [leg.Fingerprint],
        Setup = setup,
        Candidates = [IceCandidate.Host(leg.LocalAddress)],
    };

    /// <summary>Janus's side: who said active is the DTLS client, and we its server.</summary>
    public static RemotePeer ToRemotePeer(this SdpTransport transport) => new(
        transport.Credentials.UsernameFragment,
        transport.Credentials.Password,
        [.. transport.Candidates.Select(candidate => candidate.Address)],
        transport.Fingerprints,
        transport.Setup == SdpSetup.Active ? DtlsRole.Server : DtlsRole.Client);
}
