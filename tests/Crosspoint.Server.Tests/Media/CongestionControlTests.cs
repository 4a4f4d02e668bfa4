using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Server.Tests.Media;

/// <summary>What an operator says of congestion control is what a browser is offered at the door.</summary>
public class CongestionControlTests
{
    private const string Numbers = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    private static readonly object[] Feedback = [new { type = "nack", parameter = "" }, new { type = "transport-cc", parameter = "" }, new { type = "goog-remb", parameter = "" }];

    private static readonly object Video = new
    {
        mid = "0",
        codecs = (object[])[new { mimeType = "video/VP8", payloadType = 96, clockRate = 90000, rtcpFeedback = Feedback }],
        headerExtensions = (object[])[new { uri = Numbers, id = 5 }],
        encodings = (object[])[new { ssrc = 1234 }],
    };

    private static readonly object Capabilities = new
    {
        codecs = (object[])[new { kind = "video", mimeType = "video/VP8", clockRate = 90000, preferredPayloadType = 96, rtcpFeedback = Feedback }],
        headerExtensions = (object[])[new { kind = "video", uri = Numbers, preferredId = 5 }],
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receivers_are_asked_for_feedback_only_when_something_is_done_with_it(bool isOn)
    {
        await using TestServer server = await TestServer.StartAsync(options => options with
        {
            Media = options.Media with { Enabled = true, Workers = 1, MinPort = 46_000, MaxPort = 46_999, CongestionControl = isOn },
        });
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        string producer = await ProduceAsync(alice);
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        await CreateTransportAsync(bob, "recv");
        Reply consumed = await bob.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = Capabilities });
        Assert.True(consumed.Ok, consumed.ToString());

        JsonElement offered = consumed["CONSUMER_ADDED"].GetProperty("rtpParameters");
        JsonElement codec = offered.GetProperty("codecs")[0];
        string[] lines = [.. codec.GetProperty("rtcpFeedback").EnumerateArray().Select(line => line.GetProperty("type").GetString()!)];
        bool hasNumbers = offered.GetProperty("headerExtensions").EnumerateArray().Any(extension => extension.GetProperty("uri").GetString() == Numbers);
        Assert.Equal(isOn, lines.Contains("transport-cc"));
        Assert.Equal(isOn, hasNumbers);
        Assert.DoesNotContain("goog-remb", lines);
        Assert.Contains("nack", lines);
        alice.Dispose();
    }

    private static async Task<string> CreateTransportAsync(TestClient client, string direction) =>
        (await client.RequestAsync("TRANSPORT_CREATE", new { direction }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;

    private static async Task<string> ProduceAsync(TestClient client)
    {
        string transportId = await CreateTransportAsync(client, "send");
        Reply produced = await client.RequestAsync("PRODUCE", new { transportId, kind = "video", rtpParameters = Video });
        Assert.True(produced.Ok, produced.ToString());
        return produced["PRODUCED"].GetProperty("producerId").GetString()!;
    }
}
