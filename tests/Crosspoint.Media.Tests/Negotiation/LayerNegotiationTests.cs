using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Negotiation;

public class LayerNegotiationTests
{
    private readonly RtpNegotiator _negotiator = new(CodecPolicy.Default);

    [Theory]
    [InlineData("L1T1", true, 1, 1)]
    [InlineData("L1T3", true, 1, 3)]
    [InlineData("L3T3", true, 3, 3)]
    [InlineData("L3T3h", true, 3, 3)]
    [InlineData("L2T2_KEY", true, 2, 2)]
    [InlineData("L2T2h_KEY", true, 2, 2)]
    [InlineData("L3T3_KEY_SHIFT", true, 3, 3)]
    [InlineData("S2T3", true, 2, 3)]
    [InlineData("S3T3h", true, 3, 3)]
    [InlineData(null, false, 1, 1)]
    [InlineData("", false, 1, 1)]
    [InlineData("L5T1", false, 1, 1)]
    [InlineData("L0T1", false, 1, 1)]
    [InlineData("L1T9", false, 1, 1)]
    [InlineData("L3T3_LOCK", false, 1, 1)]
    [InlineData("l3t3", false, 1, 1)]
    [InlineData("X3T3", false, 1, 1)]
    public void A_mode_is_read_or_announces_nothing(string? text, bool isMode, int spatial, int temporal)
    {
        Assert.Equal(isMode, ScalabilityMode.TryParse(text, out ScalabilityMode mode));
        Assert.Equal((spatial, temporal), (mode.SpatialLayers, mode.TemporalLayers));
    }

    [Theory]
    [InlineData(ClientJson.ChromeVideo, null, "simple", null)]
    [InlineData(ClientJson.ChromeVideo, "L1T1", "simple", "L1T1")]
    [InlineData(ClientJson.ChromeVideo, "L3T3_KEY", "svc", "L3T3_KEY")]
    [InlineData(ClientJson.ChromeSimulcast, "L1T3", "simulcast", "S3T3")]
    [InlineData(ClientJson.ChromeSimulcast, null, "simulcast", "S3T1")]
    public void A_consumer_is_told_what_the_router_chooses_from(string json, string? mode, string type, string? layers)
    {
        ProducerNegotiation producer = Produce(json, mode);
        ConsumerNegotiation consumer = RtpNegotiator.MapConsumer(producer, ClientJson.Capabilities(ClientJson.ChromeCapabilities), "0", new SeededRandomSource(1));
        Assert.Equal(type, producer.Type);
        Assert.Equal(type, consumer.Type);
        Assert.Equal(layers, Assert.Single(consumer.Parameters.Encodings).ScalabilityMode);
    }

    [Fact]
    public void A_track_of_several_encodings_is_relayed_whole()
    {
        ProducerNegotiation producer = Produce(ClientJson.ChromeSimulcast, "L1T3");
        uint ssrc = 40;
        RelayNegotiation relay = RtpNegotiator.MapRelay(producer, () => new Ssrc(ssrc++));
        Assert.Equal([0, 1, 2], relay.Consumers.Select(consumer => consumer.Encoding));
        Assert.Equal([40u, 41u, 42u], relay.Consumers.Select(consumer => consumer.Ssrc.Value));
        Assert.Equal([40u, 41u, 42u], relay.Producer.Plan.Encodings.Select(encoding => encoding.Ssrc.Value));
        Assert.All(relay.Producer.Plan.Encodings, encoding => Assert.True(encoding is { IsLayered: true, TemporalLayers: 3, IsLearned: false }));
        Assert.Equal("simulcast", relay.Producer.Type);
    }

    [Fact]
    public void More_encodings_than_there_are_spatial_layers_are_refused()
    {
        RtpParameters parameters = ClientJson.Parameters(ClientJson.ChromeSimulcast);
        RtpParameters many = parameters with { Encodings = [.. Enumerable.Range(0, 5).Select(i => new RtpEncodingParameters { Rid = $"r{i}" })] };
        Assert.Equal(NegotiationError.TooLarge, Assert.Throws<NegotiationException>(() => _negotiator.MapProducer(MediaKind.Video, many, "x")).Error);
    }

    private ProducerNegotiation Produce(string json, string? mode)
    {
        RtpParameters parameters = ClientJson.Parameters(json);
        RtpParameters layered = parameters with { Encodings = [.. parameters.Encodings.Select(encoding => encoding with { ScalabilityMode = mode })] };
        return _negotiator.MapProducer(MediaKind.Video, layered, "x");
    }
}
