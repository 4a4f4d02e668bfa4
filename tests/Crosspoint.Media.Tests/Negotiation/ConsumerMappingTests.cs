using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Negotiation;

public class ConsumerMappingTests
{
    private readonly RtpNegotiator _negotiator = new(CodecPolicy.Default);
    private readonly SeededRandomSource _random = new(7);

    [Fact]
    public void A_chrome_consumer_gets_rtx_and_the_extensions_it_shares()
    {
        ConsumerNegotiation result = Consume(MediaKind.Video, ClientJson.ChromeVideo, ClientJson.ChromeCapabilities);

        Assert.Equal([101, 102], result.Parameters.Codecs.Select(codec => codec.PayloadType));
        Assert.Equal([1, 4, 11], result.Parameters.HeaderExtensions.Select(extension => extension.Id));
        Assert.Equal("3", result.Parameters.Mid);
        Assert.Equal("8kzNzbBHbGTJqQ0b", result.Parameters.Rtcp!.Cname);
        RtpEncodingParameters encoding = Assert.Single(result.Parameters.Encodings);
        Assert.Equal(result.Plan.Ssrc.Value, encoding.Ssrc);
        Assert.Equal(result.Plan.RtxSsrc.Value, encoding.Rtx!.Ssrc);
        Assert.NotEqual(encoding.Ssrc, encoding.Rtx.Ssrc);
        Assert.NotEqual(2880011223u, encoding.Ssrc);
        Assert.Equal(new PayloadType(102), result.Plan.RtxPayloadType);
    }

    [Fact]
    public void A_plain_receiver_gets_no_more_than_it_supports()
    {
        ConsumerNegotiation result = Consume(MediaKind.Video, ClientJson.ChromeVideo, ClientJson.PlainCapabilities);
        RtpCodecParameters codec = Assert.Single(result.Parameters.Codecs);
        Assert.Empty(codec.RtcpFeedback);
        Assert.Empty(result.Parameters.HeaderExtensions);
        Assert.Null(result.Parameters.Encodings[0].Rtx);
        Assert.Equal(FeedbackFlags.None, result.Plan.Feedback);
        Assert.Null(result.Plan.RtxPayloadType);
    }

    [Fact]
    public void A_producer_without_rtx_can_be_consumed_with_it()
    {
        RtpParameters parameters = ClientJson.Parameters(ClientJson.ChromeVideo);
        ProducerNegotiation producer = _negotiator.MapProducer(MediaKind.Video, parameters with { Codecs = [parameters.Codecs[0]] }, "x");
        Assert.Null(producer.Plan.RtxPayloadType);
        Assert.Equal(Ssrc.None, producer.Plan.Encodings[0].RtxSsrc);
        Assert.NotNull(RtpNegotiator.MapConsumer(producer, ClientJson.Capabilities(ClientJson.ChromeCapabilities), "0", _random).Plan.RtxPayloadType);
    }

    [Fact]
    public void Rtx_for_another_codec_is_not_rtx_for_this_one()
    {
        RtpCapabilities capabilities = ClientJson.Capabilities(ClientJson.ChromeCapabilities);
        RtpCapabilities without = capabilities with { Codecs = [.. capabilities.Codecs.Where(codec => codec.Parameters.GetInt32("apt") != 101)] };
        Assert.Null(Consume(MediaKind.Video, ClientJson.ChromeVideo, without).Plan.RtxPayloadType);
    }

    [Fact]
    public void The_audio_level_reaches_consumers_of_producers_that_send_it()
    {
        ConsumerNegotiation result = Consume(MediaKind.Audio, ClientJson.ChromeAudio, ClientJson.ChromeCapabilities);
        Assert.Equal(10, result.Plan.Extensions[HeaderExtensionKind.AudioLevel]);
    }

    // mediasoup-client 3 keys extensions by their id, so what audio and video share arrives as video's alone.
    [Fact]
    public void An_extension_that_is_listed_under_the_other_kind_is_shared_all_the_same()
    {
        RtpCapabilities modern = ClientJson.Capabilities(ClientJson.ModernCapabilities);
        RtpCapabilities listedOnce = modern with { HeaderExtensions = [.. modern.HeaderExtensions.GroupBy(extension => extension.PreferredId).Select(ids => ids.Last())] };
        Assert.Contains(listedOnce.HeaderExtensions, extension => extension.PreferredId == 5 && extension.Kind == MediaKind.Video);
        Assert.DoesNotContain(listedOnce.HeaderExtensions, extension => extension.PreferredId == 5 && extension.Kind == MediaKind.Audio);

        ConsumerNegotiation result = Consume(MediaKind.Audio, ClientJson.ChromeAudio, listedOnce);
        Assert.Equal(1, result.Plan.Extensions[HeaderExtensionKind.Mid]);
        Assert.Equal(5, result.Plan.Extensions[HeaderExtensionKind.TransportSequenceNumber]);
        Assert.True(result.Plan.Feedback.HasFlag(FeedbackFlags.TransportWide));
        Assert.DoesNotContain(result.Parameters.HeaderExtensions, extension => extension.Id is 8 or 11);
    }

    [Theory]
    [InlineData("42e01f", "42e034", true)]
    [InlineData("42e01f", "42c01f", true)]
    [InlineData("42e01f", "4d001f", false)]
    [InlineData("42e01f", "64001f", false)]
    [InlineData("42e01f", "nonsense", false)]
    public void H264_is_matched_by_profile_not_by_level(string sent, string received, bool expected)
    {
        RtpParameters parameters = ClientJson.Parameters(ClientJson.FirefoxVideo);
        parameters.Codecs[0].Parameters["profile-level-id"] = sent;
        RtpCapabilities capabilities = ClientJson.Capabilities(ClientJson.ChromeCapabilities);
        capabilities.Codecs[3].Parameters["profile-level-id"] = received;
        Assert.Equal(expected, RtpNegotiator.CanConsume(_negotiator.MapProducer(MediaKind.Video, parameters, "x"), capabilities));
    }

    [Fact]
    public void Without_a_common_codec_nothing_is_made_up()
    {
        ProducerNegotiation producer = _negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.FirefoxVideo), "x");
        RtpCapabilities capabilities = ClientJson.Capabilities(ClientJson.PlainCapabilities);
        Assert.False(RtpNegotiator.CanConsume(producer, capabilities));
        NegotiationException refusal = Assert.Throws<NegotiationException>(() => RtpNegotiator.MapConsumer(producer, capabilities, "0", _random));
        Assert.Equal(NegotiationError.CannotConsume, refusal.Error);
    }

    [Fact]
    public void Ten_thousand_codecs_are_refused_not_searched()
    {
        ProducerNegotiation producer = _negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "x");
        RtpCodecCapability one = ClientJson.Capabilities(ClientJson.PlainCapabilities).Codecs[0];
        RtpCapabilities many = new() { Codecs = [.. Enumerable.Repeat(one, 10_000)] };
        Assert.Equal(NegotiationError.TooLarge, Assert.Throws<NegotiationException>(() => RtpNegotiator.CanConsume(producer, many)).Error);
    }

    [Theory]
    [InlineData("""{"codecs":[null]}""")]
    [InlineData("""{"headerExtensions":[null]}""")]
    public void Capabilities_with_null_for_an_entry_are_refused(string json)
    {
        ProducerNegotiation producer = _negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "x");
        Assert.Equal(NegotiationError.Missing, Assert.Throws<NegotiationException>(() => RtpNegotiator.CanConsume(producer, ClientJson.Capabilities(json))).Error);
    }

    private ConsumerNegotiation Consume(MediaKind kind, string parameters, string capabilities) => Consume(kind, parameters, ClientJson.Capabilities(capabilities));

    private ConsumerNegotiation Consume(MediaKind kind, string parameters, RtpCapabilities capabilities) =>
        RtpNegotiator.MapConsumer(_negotiator.MapProducer(kind, ClientJson.Parameters(parameters), "x"), capabilities, "3", _random);
}
