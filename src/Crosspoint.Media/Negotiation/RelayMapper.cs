using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Negotiation;

/// <summary>
/// Plans a track's way between two routers of one room: everything a consumer might be offered goes along, under the router's own ids.
/// No MID, because an SSRC is declared; no RTX, because what is resent simply takes its old place. Every encoding goes as it is: who is to
/// be sent which is chosen where it leaves.
/// </summary>
internal static class RelayMapper
{
    private const FeedbackFlags Feedback = FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication | FeedbackFlags.FullIntraRequest;

    public static RelayNegotiation Map(ProducerNegotiation producer, Func<Ssrc> nextSsrc)
    {
        RtpParameters offered = producer.Consumable;
        PayloadType payloadType = new((byte)offered.Codecs[0].PayloadType);
        PayloadType? red = producer.Plan.RedPayloadType is null ? null : new PayloadType(CodecPolicy.RedPayloadType);
        HeaderExtensionIds extensions = Extensions(offered);
        IReadOnlyList<EncodingPlan> encodings = producer.Plan.Encodings;
        Ssrc[] ssrcs = [.. encodings.Select(_ => nextSsrc())];
        ConsumerPlan first = new()
        {
            Kind = producer.Plan.Kind,
            Codec = producer.Plan.Codec,
            ClockRate = producer.Plan.ClockRate,
            PayloadType = payloadType,
            RedPayloadType = red,
            Ssrc = ssrcs[0],
            Feedback = Feedback,
            Extensions = extensions,
            CanonicalName = producer.Plan.CanonicalName,
        };
        ProducerPlan relayed = new()
        {
            Kind = producer.Plan.Kind,
            Codec = producer.Plan.Codec,
            ClockRate = producer.Plan.ClockRate,
            PayloadType = payloadType,
            RedPayloadType = red,
            Feedback = Feedback,
            Extensions = extensions,
            Encodings = [.. encodings.Select((encoding, i) => encoding with { Ssrc = ssrcs[i], RtxSsrc = Ssrc.None, Rid = default })],
            CanonicalName = producer.Plan.CanonicalName,
            IsRelayed = true,
        };
        ConsumerPlan[] consumers = encodings.Count == 1 ? [first] : [.. ssrcs.Select((ssrc, i) => first with { Ssrc = ssrc, Encoding = i })];
        return new RelayNegotiation(consumers, new ProducerNegotiation(relayed, offered));
    }

    // What the router makes itself (MID, send time) is made for each consumer where it leaves.
    private static HeaderExtensionIds Extensions(RtpParameters offered)
    {
        List<(HeaderExtensionKind, byte)> ids = [];
        foreach (RtpHeaderExtensionParameters extension in offered.HeaderExtensions)
        {
            if (HeaderExtensionUris.TryParse(extension.Uri, out HeaderExtensionKind kind) && !RouterHeaderExtensions.IsMadeByRouter(kind))
            {
                ids.Add((kind, (byte)extension.Id));
            }
        }

        return new HeaderExtensionIds(ids);
    }
}
