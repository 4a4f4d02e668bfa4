using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Load.Engine;

/// <summary>What signalling told of the server's end of a leg.</summary>
/// <param name="UsernameFragment">ICE.</param>
/// <param name="Password">ICE.</param>
/// <param name="Candidates">UDP over IPv4 only.</param>
/// <param name="Fingerprints">Of the server's certificate.</param>
/// <param name="OurRole">Client when the server said passive, server when it said active.</param>
internal sealed record RemotePeer(
    string UsernameFragment,
    string Password,
    IReadOnlyList<TransportAddress> Candidates,
    IReadOnlyList<DtlsFingerprint> Fingerprints,
    DtlsRole OurRole = DtlsRole.Client);
