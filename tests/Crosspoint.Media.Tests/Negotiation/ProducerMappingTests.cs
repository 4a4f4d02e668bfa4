using System.Text;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Negotiation;

public class ProducerMappingTests
{
    private readonly RtpNegotiator _negotiator = new(CodecPolicy.Default);

    [Fact]
    public void Chrome_video_keeps_its_own_numbers_in_the_plan_and_gets_the_routers_in_the_offer()
    {
        ProducerNegotiation result = _negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "fallback");

        Assert.Equal(PayloadFormat.Vp8, result.Plan.Codec);
        Assert.Equal(new PayloadType(96), result.Plan.PayloadType);
        Assert.Equal(new PayloadType(97), result.Plan.RtxPayloadType);
        Assert.Equal(FeedbackFlags.Nack | FeedbackFlags.PictureLossIndication | FeedbackFlags.FullIntraRequest, result.Plan.Feedback);
        Assert.Equal(new Ssrc(2880011223), result.Plan.Encodings[0].Ssrc);
        Assert.Equal(new Ssrc(998877), result.Plan.Encodings[0].RtxSsrc);
        Assert.Equal(13, result.Plan.Extensions[HeaderExtensionKind.VideoOrientation]);
        Assert.Equal("8kzNzbBHbGTJqQ0b", Encoding.UTF8.GetString(result.Plan.CanonicalName.Span));
        Assert.Equal([101, 102], result.Consumable.Codecs.Select(codec => codec.PayloadType));
        Assert.Equal([1, 4, 5, 11], result.Consumable.HeaderExtensions.Select(extension => extension.Id));
    }

    [Fact]
    public void Firefox_h264_matches_constrained_baseline()
    {
        ProducerNegotiation result = _negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.FirefoxVideo), "fallback");
        Assert.Equal(PayloadFormat.H264, result.Plan.Codec);
        Assert.Equal(107, result.Consumable.Codecs[0].PayloadType);
    }

    [Fact]
    public void Audio_without_ssrc_is_recognised_by_mid_and_gets_the_peers_name()
    {
        ProducerNegotiation result = _negotiator.MapProducer(MediaKind.Audio, ClientJson.Parameters(ClientJson.FirefoxAudioWithoutSsrc), "peer-7");
        Assert.True(result.Plan.Encodings[0].IsLearned);
        Assert.Equal("0", Encoding.ASCII.GetString(result.Plan.Mid.Span));
        Assert.Equal("peer-7", result.Consumable.Rtcp!.Cname);
        Assert.Equal(FeedbackFlags.None, result.Plan.Feedback);
    }

    [Fact]
    public void Simulcast_layers_are_recognised_by_rid()
    {
        ProducerNegotiation result = _negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeSimulcast), "x");
        Assert.Equal(["r0", "r1", "r2"], result.Plan.Encodings.Select(encoding => Encoding.ASCII.GetString(encoding.Rid.Span)));
        Assert.All(result.Plan.Encodings, encoding => Assert.True(encoding.IsLearned));
    }

    public static TheoryData<string, Func<RtpParameters, RtpParameters>, NegotiationError, string> Refusals => new()
    {
        { "no codecs", p => p with { Codecs = [] }, NegotiationError.Missing, "codecs" },
        { "no encodings", p => p with { Encodings = [] }, NegotiationError.Missing, "encodings" },
        { "only rtx", p => p with { Codecs = [p.Codecs[1] with { Parameters = new ParameterBag { ["apt"] = 97 } }] }, NegotiationError.Missing, "codecs" },
        { "too many encodings", p => p with { Encodings = [.. Enumerable.Range(1, 9).Select(i => new RtpEncodingParameters { Ssrc = (uint)i })] }, NegotiationError.TooLarge, "encodings" },
        { "audio codec in video", p => p with { Codecs = [p.Codecs[0] with { MimeType = "audio/opus" }] }, NegotiationError.KindMismatch, "codecs[0].mimeType" },
        { "unknown codec", p => p with { Codecs = [p.Codecs[0] with { MimeType = "video/theora" }] }, NegotiationError.UnsupportedCodec, "codecs[0]" },
        { "wrong clock", p => p with { Codecs = [p.Codecs[0] with { ClockRate = 48000 }] }, NegotiationError.UnsupportedCodec, "codecs[0]" },
        { "same payload type twice", p => p with { Codecs = [p.Codecs[0], p.Codecs[1] with { PayloadType = 96 }] }, NegotiationError.Duplicate, "codecs[1].payloadType" },
        { "payload type out of range", p => p with { Codecs = [p.Codecs[0] with { PayloadType = 128 }] }, NegotiationError.Invalid, "codecs[0].payloadType" },
        { "rtx for nothing", p => p with { Codecs = [p.Codecs[0], p.Codecs[1] with { Parameters = new ParameterBag { ["apt"] = 55 } }] }, NegotiationError.RtxWithoutCodec, "codecs[1].parameters.apt" },
        { "ssrc zero", p => p with { Encodings = [new() { Ssrc = 0 }] }, NegotiationError.Invalid, "encodings[0].ssrc" },
        { "media and rtx share an ssrc", p => p with { Encodings = [new() { Ssrc = 5, Rtx = new() { Ssrc = 5 } }] }, NegotiationError.Duplicate, "encodings[0].rtx.ssrc" },
        { "codec per encoding", p => p with { Encodings = [new() { Ssrc = 5, CodecPayloadType = 96 }, new() { Ssrc = 6, CodecPayloadType = 97 }] }, NegotiationError.CodecPerEncoding, "encodings[1].codecPayloadType" },
        { "encoding names rtx", p => p with { Encodings = [new() { Ssrc = 5, CodecPayloadType = 97 }] }, NegotiationError.Invalid, "encodings[0].codecPayloadType" },
        { "nothing to recognise by", p => p with { Mid = null, Encodings = [new()] }, NegotiationError.EncodingNotIdentifiable, "encodings[0]" },
        { "rid without its extension", p => p with { HeaderExtensions = [], Encodings = [new() { Rid = "a" }] }, NegotiationError.EncodingNotIdentifiable, "encodings[0]" },
        { "two layers by mid only", p => p with { Encodings = [new(), new()] }, NegotiationError.EncodingNotIdentifiable, "encodings[0]" },
        { "same rid twice", p => p with { Encodings = [new() { Rid = "a" }, new() { Rid = "a" }] }, NegotiationError.Duplicate, "encodings[1].rid" },
        { "mid too long", p => p with { Mid = new string('m', 17) }, NegotiationError.TooLarge, "mid" },
        { "mid with a space", p => p with { Mid = "a b" }, NegotiationError.Invalid, "mid" },
        { "extension id zero", p => p with { HeaderExtensions = [new() { Uri = "u", Id = 0 }] }, NegotiationError.Invalid, "headerExtensions[0].id" },
        { "extension id twice", p => p with { HeaderExtensions = [new() { Uri = "u", Id = 1 }, new() { Uri = "v", Id = 1 }] }, NegotiationError.Duplicate, "headerExtensions[1]" },
        { "encrypted extension", p => p with { HeaderExtensions = [new() { Uri = "u", Id = 1, Encrypt = true }] }, NegotiationError.EncryptedExtension, "headerExtensions[0].encrypt" },
        { "a codec that is null", p => p with { Codecs = [p.Codecs[0], null!] }, NegotiationError.Missing, "codecs" },
        { "feedback that is null", p => p with { Codecs = [p.Codecs[0] with { RtcpFeedback = [null!] }] }, NegotiationError.Missing, "codecs[0].rtcpFeedback" },
        { "an extension that is null", p => p with { HeaderExtensions = [null!] }, NegotiationError.Missing, "headerExtensions" },
        { "an encoding that is null", p => p with { Encodings = [null!] }, NegotiationError.Missing, "encodings" },
        { "cname too long", p => p with { Rtcp = new() { Cname = new string('c', 256) } }, NegotiationError.TooLarge, "rtcp.cname" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_used_is_refused_with_code_and_path(string name, Func<RtpParameters, RtpParameters> spoil, NegotiationError error, string path)
    {
        Assert.NotEmpty(name);
        RtpParameters parameters = spoil(ClientJson.Parameters(ClientJson.ChromeVideo));
        NegotiationException refusal = Assert.Throws<NegotiationException>(() => _negotiator.MapProducer(MediaKind.Video, parameters, "x"));
        Assert.Equal((error, path), (refusal.Error, refusal.Path));
    }
}
