using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Negotiation;

/// <summary>Maps a producer's payload types and extension ids onto the router's.</summary>
internal sealed class ProducerMapper(CodecPolicy policy, RtpCapabilities router)
{
    public ProducerNegotiation Map(MediaKind kind, RtpParameters parameters, string canonicalNameIfAbsent)
    {
        int mediaIndex = FindMedia(parameters);
        RtpCodecParameters media = parameters.Codecs[mediaIndex];
        RouterCodec codec = FindRouterCodec(media, mediaIndex);
        RtpCodecParameters? rtx = codec.RtxPayloadType is null ? null : FindRtx(parameters, media.PayloadType);
        IReadOnlyList<RtcpFeedback> feedback = FeedbackReader.Intersect(CapabilityOf(codec).RtcpFeedback, media.RtcpFeedback);
        RtpCodecParameters? red = policy.Red && kind == MediaKind.Audio ? FindRed(parameters, media) : null;
        string canonicalName = parameters.Rtcp?.Cname is { Length: > 0 } given ? given : canonicalNameIfAbsent;

        HeaderExtensionIds extensions = Extensions(parameters.HeaderExtensions);
        ProducerPlan plan = new()
        {
            Kind = kind,
            Codec = codec.Codec,
            ClockRate = codec.ClockRate,
            PayloadType = new((byte)media.PayloadType),
            RtxPayloadType = rtx is null ? null : new PayloadType((byte)rtx.PayloadType),
            RedPayloadType = red is null ? null : new PayloadType((byte)red.PayloadType),
            Feedback = FeedbackReader.Flags(FeedbackReader.ChooseCongestionControl(feedback, extensions.Has(HeaderExtensionKind.TransportSequenceNumber))),
            Extensions = extensions,
            Encodings = EncodingMapper.Map(parameters, rtx is not null),
            Mid = parameters.Mid is { } mid ? Check.Identifier(mid, "mid") : default,
            CanonicalName = Check.CanonicalName(canonicalName, "rtcp.cname"),
            ReducedSizeRtcp = parameters.Rtcp?.ReducedSize ?? true,
        };
        return new ProducerNegotiation(plan, Consumable(kind, parameters, plan, codec, media, canonicalName));
    }

    private static int FindMedia(RtpParameters parameters)
    {
        int? wanted = parameters.Encodings[0].CodecPayloadType;
        for (int i = 1; i < parameters.Encodings.Count; i++)
        {
            if ((parameters.Encodings[i].CodecPayloadType ?? wanted) != wanted)
            {
                throw new NegotiationException(NegotiationError.CodecPerEncoding, $"encodings[{i}].codecPayloadType", "must be the same for all encodings");
            }
        }

        for (int i = 0; i < parameters.Codecs.Count; i++)
        {
            RtpCodecParameters codec = parameters.Codecs[i];
            if (!CodecMatcher.IsRepair(codec.MimeType) && (wanted is null || wanted == codec.PayloadType || IsRed(parameters, wanted)))
            {
                return i;
            }
        }

        throw wanted is null
            ? new NegotiationException(NegotiationError.Missing, "codecs", "no media codec")
            : new NegotiationException(NegotiationError.Invalid, "encodings[0].codecPayloadType", "names no media codec");
    }

    // An encoding that names RED names what its blocks are made of as well.
    private static bool IsRed(RtpParameters parameters, int? payloadType) =>
        parameters.Codecs.Any(codec => codec.PayloadType == payloadType && CodecMatcher.IsRed(codec.MimeType));

    private static RtpCodecParameters? FindRed(RtpParameters parameters, RtpCodecParameters media)
    {
        for (int i = 0; i < parameters.Codecs.Count; i++)
        {
            RtpCodecParameters codec = parameters.Codecs[i];
            if (!CodecMatcher.IsRed(codec.MimeType))
            {
                continue;
            }

            if (codec.ClockRate != media.ClockRate || !RedBlocks.AreAll(media.PayloadType, codec.Parameters))
            {
                throw new NegotiationException(NegotiationError.Invalid, $"codecs[{i}]", "redundancy of another codec");
            }

            return codec;
        }

        return null;
    }

    private RouterCodec FindRouterCodec(RtpCodecParameters media, int index)
    {
        foreach (RouterCodec codec in policy.Codecs)
        {
            if (CodecMatcher.IsSame(CapabilityOf(codec), media))
            {
                return codec;
            }
        }

        throw new NegotiationException(NegotiationError.UnsupportedCodec, $"codecs[{index}]", "the router does not speak this codec");
    }

    private RtpCodecCapability CapabilityOf(RouterCodec codec)
    {
        foreach (RtpCodecCapability capability in router.Codecs)
        {
            if (capability.PreferredPayloadType == codec.PayloadType)
            {
                return capability;
            }
        }

        throw new InvalidOperationException("A codec of the policy is not among the capabilities made from it.");
    }

    private static RtpCodecParameters? FindRtx(RtpParameters parameters, int mediaPayloadType)
    {
        RtpCodecParameters? found = null;
        for (int i = 0; i < parameters.Codecs.Count; i++)
        {
            RtpCodecParameters codec = parameters.Codecs[i];
            if (!CodecMatcher.IsRtx(codec.MimeType))
            {
                continue;
            }

            int? associated = codec.Parameters.GetInt32("apt");
            if (!parameters.Codecs.Any(other => other.PayloadType == associated && !CodecMatcher.IsRtx(other.MimeType)))
            {
                throw new NegotiationException(NegotiationError.RtxWithoutCodec, $"codecs[{i}].parameters.apt", "names no media codec");
            }

            found ??= associated == mediaPayloadType ? codec : null;
        }

        return found;
    }

    private static HeaderExtensionIds Extensions(IReadOnlyList<RtpHeaderExtensionParameters> extensions)
    {
        List<(HeaderExtensionKind, byte)> known = [];
        foreach (RtpHeaderExtensionParameters extension in extensions)
        {
            if (HeaderExtensionUris.TryParse(extension.Uri, out HeaderExtensionKind kind))
            {
                known.Add((kind, (byte)extension.Id));
            }
        }

        return new HeaderExtensionIds(known);
    }

    private RtpParameters Consumable(
        MediaKind kind, RtpParameters parameters, ProducerPlan plan, RouterCodec codec, RtpCodecParameters media, string canonicalName)
    {
        List<RtpCodecParameters> codecs =
        [
            new()
            {
                MimeType = codec.MimeType,
                PayloadType = codec.PayloadType,
                ClockRate = codec.ClockRate,
                Channels = codec.Channels,
                Parameters = media.Parameters,
                RtcpFeedback = CapabilityOf(codec).RtcpFeedback,
            },
        ];

        // A consumer may have RTX although the producer has none: it is a matter of each hop.
        if (codec.RtxPayloadType is { } rtx)
        {
            codecs.Add(new()
            {
                MimeType = "video/rtx",
                PayloadType = rtx,
                ClockRate = codec.ClockRate,
                Parameters = new ParameterBag { ["apt"] = (int)codec.PayloadType },
            });
        }

        if (plan.RedPayloadType is not null)
        {
            codecs.Add(new()
            {
                MimeType = "audio/red",
                PayloadType = CodecPolicy.RedPayloadType,
                ClockRate = codec.ClockRate,
                Channels = codec.Channels,
                Parameters = RedBlocks.Parameters(codec.PayloadType),
            });
        }

        if (kind == MediaKind.Video && policy.FlexFec)
        {
            codecs.Add(new()
            {
                MimeType = "video/flexfec-03",
                PayloadType = CodecPolicy.FlexFecPayloadType,
                ClockRate = codec.ClockRate,
                Parameters = RouterCapabilities.FlexFecParameters,
            });
        }

        return new RtpParameters
        {
            Codecs = codecs,
            HeaderExtensions = ConsumableExtensions(kind, plan.Extensions),
            Encodings = [new() { ScalabilityMode = LayersOf(parameters), Dtx = parameters.Encodings[0].Dtx }],
            Rtcp = new() { Cname = canonicalName, ReducedSize = true, Mux = true },
        };
    }

    // What a consumer can choose from: encodings are to him spatial layers that do not need each other.
    private static string? LayersOf(RtpParameters parameters)
    {
        if (parameters.Encodings.Count == 1)
        {
            return parameters.Encodings[0].ScalabilityMode;
        }

        int temporal = 1;
        foreach (RtpEncodingParameters encoding in parameters.Encodings)
        {
            temporal = Math.Max(temporal, ScalabilityMode.Of(encoding.ScalabilityMode).TemporalLayers);
        }

        return $"S{parameters.Encodings.Count}T{temporal}";
    }

    private List<RtpHeaderExtensionParameters> ConsumableExtensions(MediaKind kind, HeaderExtensionIds sent)
    {
        List<RtpHeaderExtensionParameters> result = [];
        foreach (RtpHeaderExtension capability in router.HeaderExtensions)
        {
            if (capability.Kind == kind
                && capability.Direction is (RtpHeaderExtensionDirection.SendRecv or RtpHeaderExtensionDirection.SendOnly)
                && HeaderExtensionUris.TryParse(capability.Uri, out HeaderExtensionKind extension)
                && (RouterHeaderExtensions.IsMadeByRouter(extension) || sent.Has(extension)))
            {
                result.Add(new() { Uri = capability.Uri, Id = capability.PreferredId, Encrypt = false, Parameters = [] });
            }
        }

        return result;
    }
}
