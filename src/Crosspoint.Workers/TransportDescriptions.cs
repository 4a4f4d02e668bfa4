using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;
using DtlsFingerprint = Crosspoint.Contracts.Rtp.DtlsFingerprint;
using DtlsRole = Crosspoint.Contracts.Rtp.DtlsRole;

namespace Crosspoint.Workers;

/// <summary>A transport in the words of the wire: what its client is told, and what its client tells.</summary>
internal static class TransportDescriptions
{
    /// <summary>How a client checks that it may.</summary>
    public static IceParameters Ice(WebRtcTransport transport) => new()
    {
        UsernameFragment = transport.Session.Ice.LocalCredentials.UsernameFragment,
        Password = transport.Session.Ice.LocalCredentials.Password,
        IceLite = true,
    };

    /// <summary>How a client knows us.</summary>
    public static DtlsParameters Dtls(DtlsIdentity identity) => new()
    {
        Role = DtlsRole.Auto,
        Fingerprints = [new DtlsFingerprint { Algorithm = identity.Sha256.Algorithm, Value = identity.Sha256.Value }],
    };

    /// <summary>How we know a client.</summary>
    /// <exception cref="RouterException">There is none, or one that cannot be read.</exception>
    public static Rtc.Dtls.DtlsFingerprint[] Fingerprints(DtlsParameters remote)
    {
        Rtc.Dtls.DtlsFingerprint[] fingerprints = [.. remote.Fingerprints.Select(Parse)];
        return fingerprints.Length > 0 ? fingerprints : throw new RouterException(RouterError.Invalid, "dtlsParameters.fingerprints is empty.");
    }

    /// <summary>One transport in figures.</summary>
    public static TransportFigures Figures(WebRtcTransport transport, ProducerStatistics[] producers, ConsumerStatistics[] consumers)
    {
        RouterTransportStatistics media = transport.Port.GetStatistics();
        Rtc.Ice.IceStatistics ice = transport.Session.Ice.Statistics;
        bool hasPath = transport.Session.TryGetPath(out TransportAddress local, out TransportAddress remote);
        return new TransportFigures
        {
            State = transport.Session.State,
            RtpPacketsReceived = media.RtpPacketsReceived,
            RtpPacketsSent = media.RtpPacketsSent,
            BytesReceived = transport.Session.Statistics.BytesReceived,
            BytesSent = transport.Session.Statistics.MediaBytesSent,
            PacketsLost = producers.Sum(producer => producer.Lost),
            PacketsRetransmitted = consumers.Sum(consumer => consumer.Resent),
            PacketsRepaired = producers.Sum(producer => producer.Repaired),
            NacksSent = producers.Sum(producer => producer.NacksSent),
            RemotePacketsLost = consumers.Sum(consumer => (long)consumer.Lost),
            RepairPacketsSent = consumers.Sum(consumer => consumer.RepairPackets),
            NacksReceived = consumers.Sum(consumer => consumer.NacksReceived),
            KeyFrameRequestsReceived = consumers.Sum(consumer => consumer.KeyFrameRequestsReceived),
            RoundTripTime = consumers.Select(consumer => consumer.RoundTripTime).Concat(producers.Select(producer => producer.RoundTripTime)).FirstOrDefault(time => time is not null)
                ?? (ice.SmoothedRoundTrip > TimeSpan.Zero ? ice.SmoothedRoundTrip : null),
            Jitter = producers.Length == 0 ? null : producers.Max(producer => producer.Jitter),
            FractionLost = consumers.Length == 0 ? null : consumers.Max(consumer => consumer.FractionLost) / 256.0,
            SelectedPair = hasPath ? $"{local} {remote}" : null,
        };
    }

    private static Rtc.Dtls.DtlsFingerprint Parse(DtlsFingerprint fingerprint) =>
        Rtc.Dtls.DtlsFingerprint.TryParse(fingerprint.Algorithm, fingerprint.Value, out Rtc.Dtls.DtlsFingerprint? parsed)
            ? parsed!
            : throw new RouterException(RouterError.Invalid, "dtlsParameters.fingerprints holds one that is no sha-256, sha-384 or sha-512 fingerprint.");
}
