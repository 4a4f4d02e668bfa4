using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Negotiation;

public class CodecPolicyTests
{
    private const string RedAudio = """
        {"mid":"0","codecs":[{"mimeType":"audio/red","payloadType":63,"clockRate":48000,"channels":2,"parameters":{"":"111/111"}},
          {"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,"parameters":{"useinbandfec":1}}],
         "headerExtensions":[],"encodings":[{"ssrc":1508392718}],"rtcp":{"cname":"a"}}
        """;

    [Theory]
    [InlineData("opus", "audio/opus")]
    [InlineData("opus red vp8", "audio/opus audio/red video/VP8 video/rtx")]
    [InlineData("vp8 opus red", "video/VP8 video/rtx audio/opus audio/red")] // the order is the preference
    [InlineData("red AV1 opus", "video/AV1 video/rtx audio/opus audio/red")]
    [InlineData("opus vp9", "audio/opus video/VP9 video/rtx video/VP9 video/rtx")]
    [InlineData("opus vp8 flexfec-03", "audio/opus video/VP8 video/rtx video/flexfec-03")]
    public void Names_in_order_make_a_policy(string names, string offered)
    {
        Assert.True(CodecPolicy.TryParse(names.Split(' '), out CodecPolicy policy, out string refused), refused);
        Assert.Equal(offered, string.Join(' ', new RtpNegotiator(policy).Capabilities.Codecs.Select(codec => codec.MimeType)));
    }

    [Theory]
    [InlineData("opus speex", "speex")]
    [InlineData("opus opus", "opus")]
    [InlineData("opus VP8 vp8", "vp8")]
    [InlineData("red vp8", "red")] // redundancy of what?
    [InlineData("flexfec-03", "")]
    [InlineData("", "")]
    public void What_makes_no_policy_is_named(string names, string expected)
    {
        Assert.False(CodecPolicy.TryParse(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _, out string refused));
        Assert.Equal(expected, refused);
    }

    [Fact]
    public void Every_name_is_understood_and_gives_unique_payload_types()
    {
        Assert.True(CodecPolicy.TryParse(CodecPolicy.Names, out CodecPolicy policy, out _));
        int[] types = [.. new RtpNegotiator(policy).Capabilities.Codecs.Select(codec => codec.PreferredPayloadType!.Value)];
        Assert.Equal(types.Length, types.Distinct().Count());
        Assert.All(types, type => Assert.InRange(type, 96, 127));
    }

    [Fact]
    public void A_codec_that_the_policy_leaves_out_is_refused()
    {
        Assert.True(CodecPolicy.TryParse(["opus", "h264"], out CodecPolicy policy, out _));
        NegotiationException refusal = Assert.Throws<NegotiationException>(
            () => new RtpNegotiator(policy).MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "x"));
        Assert.Equal(NegotiationError.UnsupportedCodec, refusal.Error);
    }

    [Theory]
    [InlineData("""{"":"111/111"}""", true)]
    [InlineData("{}", true)] // mediasoup-client loses what has no name
    [InlineData("""{"":"111/111/111"}""", true)]
    [InlineData("""{"":"111/13"}""", false)]
    public void Redundancy_of_the_producers_own_codec_is_taken(string parameters, bool taken)
    {
        RtpParameters red = ClientJson.Parameters(RedAudio.Replace("""{"":"111/111"}""", parameters, StringComparison.Ordinal));
        RtpNegotiator negotiator = new(CodecPolicy.Default);
        if (!taken)
        {
            Assert.Equal("codecs[0]", Assert.Throws<NegotiationException>(() => negotiator.MapProducer(MediaKind.Audio, red, "x")).Path);
            return;
        }

        ProducerNegotiation producer = negotiator.MapProducer(MediaKind.Audio, red, "x");
        Assert.Equal((new PayloadType(111), new PayloadType(63)), (producer.Plan.PayloadType, producer.Plan.RedPayloadType));
        Assert.Equal("100/100", producer.Consumable.Codecs[1].Parameters.GetText(""));
    }

    [Fact]
    public void An_encoding_that_names_red_names_what_is_in_it()
    {
        RtpParameters parameters = ClientJson.Parameters(RedAudio);
        parameters = parameters with { Encodings = [parameters.Encodings[0] with { CodecPayloadType = 63 }] };
        Assert.Equal(new PayloadType(111), new RtpNegotiator(CodecPolicy.Default).MapProducer(MediaKind.Audio, parameters, "x").Plan.PayloadType);
    }

    [Theory]
    [InlineData(true, true, "audio/opus audio/red")]
    [InlineData(true, false, "audio/opus")]
    [InlineData(false, true, "audio/opus")]
    public void A_consumer_gets_redundancy_when_both_sides_have_it(bool sent, bool received, string expected)
    {
        RtpParameters parameters = ClientJson.Parameters(RedAudio);
        parameters = sent ? parameters : parameters with { Codecs = [parameters.Codecs[1]] };
        RtpNegotiator negotiator = new(CodecPolicy.Default);
        RtpCapabilities all = negotiator.Capabilities;
        RtpCapabilities capabilities = received ? all : all with { Codecs = [.. all.Codecs.Where(codec => codec.MimeType != "audio/red")] };
        ConsumerNegotiation consumer = RtpNegotiator.MapConsumer(negotiator.MapProducer(MediaKind.Audio, parameters, "x"), capabilities, "0", new SeededRandomSource(1));
        Assert.Equal(expected, string.Join(' ', consumer.Parameters.Codecs.Select(codec => codec.MimeType)));
        Assert.Equal(sent && received, consumer.Plan.RedPayloadType is not null);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_video_consumer_gets_a_repair_stream_when_both_sides_have_it(bool offered, bool received)
    {
        Assert.True(CodecPolicy.TryParse(offered ? ["opus", "vp8", "flexfec-03"] : ["opus", "vp8"], out CodecPolicy policy, out _));
        RtpNegotiator negotiator = new(policy);
        RtpCapabilities all = new RtpNegotiator(CodecPolicy.Default with { FlexFec = received }).Capabilities;
        ConsumerNegotiation consumer = RtpNegotiator.MapConsumer(
            negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "x"), all, "0", new SeededRandomSource(1));
        bool both = offered && received;
        Assert.Equal(both, consumer.Parameters.Codecs.Any(codec => codec is { MimeType: "video/flexfec-03", PayloadType: 99, ClockRate: 90_000 }));
        Assert.Equal(both ? consumer.Plan.FecSsrc.Value : null, consumer.Parameters.Encodings[0].Fec?.Ssrc);
        Assert.Equal(both ? new PayloadType(99) : null, consumer.Plan.FecPayloadType);
        Assert.Equal(both ? 3 : 2, new[] { consumer.Plan.Ssrc, consumer.Plan.RtxSsrc, consumer.Plan.FecSsrc }.Where(ssrc => ssrc != Ssrc.None).Distinct().Count());
    }
}
