using System.Net;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Primitives;
using DtlsFingerprint = Crosspoint.Rtc.Dtls.DtlsFingerprint;
using IceCandidate = Crosspoint.Contracts.Rtp.IceCandidate;

namespace Crosspoint.Workers.Client;

/// <summary>Reads what a server said of its end of a transport into what our own stack takes.</summary>
internal static class OfferReader
{
    /// <summary>Where the server is, over one protocol.</summary>
    public static Rtc.Ice.IceCandidate[] Candidates(TransportOffer offer, TransportProtocol protocol) =>
        [.. offer.Candidates.Where(candidate => Of(candidate.Protocol) == protocol).Select(ToCandidate)];

    /// <summary>What its certificate must hash to.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot be read.</exception>
    public static DtlsFingerprint[] Fingerprints(TransportOffer offer) => [.. offer.Dtls.Fingerprints.Select(ToFingerprint)];

    private static TransportProtocol Of(IceProtocol protocol) => protocol == IceProtocol.Udp ? TransportProtocol.Udp : TransportProtocol.Tcp;

    private static Rtc.Ice.IceCandidate ToCandidate(IceCandidate candidate) => new()
    {
        Address = TransportAddress.From(IPAddress.Parse(candidate.Address), candidate.Port, Of(candidate.Protocol)),
        Foundation = candidate.Foundation,
        Component = 1,
        Priority = candidate.Priority,
        Type = Rtc.Ice.IceCandidateType.Host,
        TcpType = candidate.Protocol == IceProtocol.Tcp ? Rtc.Ice.IceTcpType.Passive : Rtc.Ice.IceTcpType.None,
    };

    private static DtlsFingerprint ToFingerprint(Contracts.Rtp.DtlsFingerprint fingerprint) =>
        DtlsFingerprint.TryParse(fingerprint.Algorithm, fingerprint.Value, out DtlsFingerprint? parsed)
            ? parsed!
            : throw new InvalidOperationException("The server's fingerprint cannot be read.");
}
