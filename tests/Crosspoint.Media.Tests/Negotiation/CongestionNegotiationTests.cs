using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Negotiation;

/// <summary>One way of congestion control is negotiated, and only with all that it needs.</summary>
public class CongestionNegotiationTests
{
    private readonly RtpNegotiator _negotiator = new(CodecPolicy.Default);

    [Theory]
    [InlineData(true, true, FeedbackFlags.TransportWide)]
    [InlineData(true, false, FeedbackFlags.None)]
    [InlineData(false, true, FeedbackFlags.None)]
    [InlineData(false, false, FeedbackFlags.None)]
    public void Transport_wide_feedback_needs_its_numbers_and_the_numbers_their_feedback(bool hasLine, bool hasExtension, FeedbackFlags expected)
    {
        RtpCapabilities modern = ClientJson.Capabilities(ClientJson.ModernCapabilities);
        RtpCapabilities capabilities = modern with
        {
            Codecs = [.. modern.Codecs.Select(codec => codec with { RtcpFeedback = [.. codec.RtcpFeedback.Where(line => hasLine || line.Type != "transport-cc")] })],
            HeaderExtensions = [.. modern.HeaderExtensions.Where(extension => hasExtension || extension.PreferredId != 5)],
        };
        ConsumerNegotiation result = Consume(MediaKind.Video, ClientJson.ChromeVideo, capabilities);
        Assert.Equal(expected, result.Plan.Feedback & (FeedbackFlags.TransportWide | FeedbackFlags.EstimatedMaximumBitrate));
        Assert.Equal(expected == FeedbackFlags.TransportWide, result.Plan.Extensions.Has(HeaderExtensionKind.TransportSequenceNumber));
        Assert.Equal(expected == FeedbackFlags.TransportWide, result.Parameters.Codecs[0].RtcpFeedback.Any(line => line.Type == "transport-cc"));
        Assert.Equal(expected == FeedbackFlags.TransportWide, result.Parameters.HeaderExtensions.Any(extension => extension.Id == 5));
    }

    [Fact]
    public void Who_has_both_gets_no_remb()
    {
        RtpCapabilities modern = ClientJson.Capabilities(ClientJson.ModernCapabilities);
        RtpCapabilities both = modern with
        {
            Codecs = [.. modern.Codecs.Select(codec => codec with { RtcpFeedback = [.. codec.RtcpFeedback, new RtcpFeedback { Type = "goog-remb", Parameter = "" }] })],
        };
        Assert.DoesNotContain(Consume(MediaKind.Video, ClientJson.ChromeVideo, both).Parameters.Codecs[0].RtcpFeedback, line => line.Type == "goog-remb");
        Assert.Contains(
            Consume(MediaKind.Video, ClientJson.ChromeVideo, ClientJson.Capabilities(ClientJson.RembCapabilities)).Parameters.Codecs[0].RtcpFeedback,
            line => line.Type == "goog-remb");
    }

    [Fact]
    public void A_track_between_routers_has_no_congestion_control()
    {
        RelayNegotiation relay = RtpNegotiator.MapRelay(_negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ModernVideo), "x"), static () => new Ssrc(1));
        Assert.All(relay.Consumers, consumer => Assert.False(consumer.Feedback.HasFlag(FeedbackFlags.TransportWide)));
        Assert.All(relay.Consumers, consumer => Assert.False(consumer.Extensions.Has(HeaderExtensionKind.TransportSequenceNumber)));
        Assert.False(relay.Producer.Plan.Feedback.HasFlag(FeedbackFlags.TransportWide));
    }

    private ConsumerNegotiation Consume(MediaKind kind, string parameters, RtpCapabilities capabilities) =>
        RtpNegotiator.MapConsumer(_negotiator.MapProducer(kind, ClientJson.Parameters(parameters), "x"), capabilities, "3", new SeededRandomSource(7));
}
