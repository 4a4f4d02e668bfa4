using System.Buffers.Binary;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Negotiation;

/// <summary>Reduces what the router offers of a track to what one consumer can receive.</summary>
internal static class ConsumerMapper
{
    public static RtpCodecCapability? FindCodec(RtpCodecParameters codec, RtpCapabilities capabilities)
    {
        foreach (RtpCodecCapability candidate in capabilities.Codecs)
        {
            if (!CodecMatcher.IsRepair(candidate.MimeType) && CodecMatcher.IsSame(codec, candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    public static ConsumerNegotiation Map(ProducerNegotiation producer, RtpCapabilities capabilities, string mid, IRandomSource random, CongestionControl control)
    {
        RtpParameters offered = producer.Consumable;
        RtpCodecCapability match = FindCodec(offered.Codecs[0], capabilities)
            ?? throw new NegotiationException(NegotiationError.CannotConsume, "codecs", $"no {offered.Codecs[0].MimeType} with the producer's parameters");
        List<RtpHeaderExtensionParameters> extensions = Extensions(offered, capabilities);
        RtpCodecParameters media = offered.Codecs[0] with { RtcpFeedback = Feedback(offered.Codecs[0], match, extensions, control) };
        Repairs repairs = new(
            SupportsRtx(match, media, capabilities) ? Offered(offered, CodecMatcher.IsRtx) : null,
            Supports(capabilities, CodecMatcher.IsRed, match) ? Offered(offered, CodecMatcher.IsRed) : null,
            Supports(capabilities, CodecMatcher.IsFlexFec, match) ? Offered(offered, CodecMatcher.IsFlexFec) : null);

        ConsumerPlan plan = Plan(producer.Plan, media, repairs, extensions, Check.Identifier(mid, "mid"), random);
        RtpParameters parameters = new()
        {
            Mid = mid,
            Codecs = [media, .. repairs.Codecs],
            HeaderExtensions = extensions,
            Encodings =
            [
                offered.Encodings[0] with
                {
                    Ssrc = plan.Ssrc.Value,
                    Rtx = repairs.Rtx is null ? null : new RtxStream { Ssrc = plan.RtxSsrc.Value },
                    Fec = repairs.Fec is null ? null : new FecStream { Ssrc = plan.FecSsrc.Value },
                },
            ],
            Rtcp = offered.Rtcp,
        };
        return new ConsumerNegotiation(plan, parameters, producer.Type);
    }

    private static RtpCodecParameters? Offered(RtpParameters offered, Func<string, bool> isIt) => offered.Codecs.FirstOrDefault(codec => isIt(codec.MimeType));

    private static bool Supports(RtpCapabilities capabilities, Func<string, bool> isIt, RtpCodecCapability match) =>
        capabilities.Codecs.Any(codec => isIt(codec.MimeType) && codec.Kind == match.Kind && codec.ClockRate == match.ClockRate);

    // RTX counts only when it repairs the codec we send: its apt names the client's payload type for that codec.
    private static bool SupportsRtx(RtpCodecCapability match, RtpCodecParameters media, RtpCapabilities capabilities)
    {
        int payloadType = match.PreferredPayloadType ?? media.PayloadType;
        return capabilities.Codecs.Any(codec =>
            CodecMatcher.IsRtx(codec.MimeType) && codec.Kind == match.Kind && codec.Parameters.GetInt32("apt") == payloadType);
    }

    // The ids on the wire are the router's, so a client must have adopted them (as mediasoup-client does) to get an extension.
    // It lists each id once, under the kind it met it with last, so the kind says nothing: what was offered for this one decides.
    private static List<RtpHeaderExtensionParameters> Extensions(RtpParameters offered, RtpCapabilities capabilities) =>
        [.. offered.HeaderExtensions.Where(extension => capabilities.HeaderExtensions.Any(other =>
            other.Uri == extension.Uri && other.PreferredId == extension.Id))];

    // Numbers without feedback, or feedback without numbers, are good for nothing.
    private static IReadOnlyList<RtcpFeedback> Feedback(RtpCodecParameters offered, RtpCodecCapability match, List<RtpHeaderExtensionParameters> extensions, CongestionControl control)
    {
        string uri = HeaderExtensionUris.Of(HeaderExtensionKind.TransportSequenceNumber);
        IReadOnlyList<RtcpFeedback> common = FeedbackReader.ChooseCongestionControl(
            FeedbackReader.Intersect(offered.RtcpFeedback, match.RtcpFeedback), extensions.Exists(extension => extension.Uri == uri), control);
        if (!FeedbackReader.Flags(common).HasFlag(FeedbackFlags.TransportWide))
        {
            extensions.RemoveAll(extension => extension.Uri == uri);
        }

        return common;
    }

    private static ConsumerPlan Plan(
        ProducerPlan producer, RtpCodecParameters media, Repairs repairs, List<RtpHeaderExtensionParameters> extensions, byte[] mid, IRandomSource random)
    {
        List<(HeaderExtensionKind, byte)> ids = [];
        foreach (RtpHeaderExtensionParameters extension in extensions)
        {
            if (HeaderExtensionUris.TryParse(extension.Uri, out HeaderExtensionKind kind))
            {
                ids.Add((kind, (byte)extension.Id));
            }
        }

        Ssrc ssrc = NextSsrc(random, Ssrc.None, Ssrc.None);
        Ssrc rtxSsrc = repairs.Rtx is null ? Ssrc.None : NextSsrc(random, ssrc, Ssrc.None);
        return new ConsumerPlan
        {
            Kind = producer.Kind,
            Codec = producer.Codec,
            ClockRate = producer.ClockRate,
            PayloadType = new((byte)media.PayloadType),
            RtxPayloadType = Repairs.TypeOf(repairs.Rtx),
            RedPayloadType = Repairs.TypeOf(repairs.Red),
            FecPayloadType = Repairs.TypeOf(repairs.Fec),
            Ssrc = ssrc,
            RtxSsrc = rtxSsrc,
            FecSsrc = repairs.Fec is null ? Ssrc.None : NextSsrc(random, ssrc, rtxSsrc),
            Feedback = FeedbackReader.Flags(media.RtcpFeedback),
            Extensions = new HeaderExtensionIds(ids),
            Mid = mid,
            CanonicalName = producer.CanonicalName,
        };
    }

    // Never zero (RFC 3550 allows it, receivers take it for "none") and never one of the others.
    private static Ssrc NextSsrc(IRandomSource random, Ssrc other, Ssrc another)
    {
        Span<byte> bytes = stackalloc byte[4];
        while (true)
        {
            random.Fill(bytes);
            Ssrc ssrc = new(BinaryPrimitives.ReadUInt32BigEndian(bytes));
            if (ssrc != Ssrc.None && ssrc != other && ssrc != another)
            {
                return ssrc;
            }
        }
    }

    /// <summary>What goes with the media codec; null for what does not.</summary>
    private readonly record struct Repairs(RtpCodecParameters? Rtx, RtpCodecParameters? Red, RtpCodecParameters? Fec)
    {
        public IEnumerable<RtpCodecParameters> Codecs => new[] { Rtx, Red, Fec }.OfType<RtpCodecParameters>();

        public static PayloadType? TypeOf(RtpCodecParameters? codec) => codec is null ? null : new PayloadType((byte)codec.PayloadType);
    }
}
