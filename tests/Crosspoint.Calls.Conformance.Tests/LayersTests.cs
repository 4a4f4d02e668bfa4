using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>What a client may wish of the layers it receives, and what it is told about them.</summary>
public class LayersTests
{
    private static readonly object Vp8 = new { codecs = (object[])[new { mimeType = "video/VP8", payloadType = 101, clockRate = 90000 }], encodings = (object[])[new { rid = "q" }, new { rid = "h" }, new { rid = "f" }] };
    private static readonly object Caps = new { codecs = (object[])[new { kind = "video", mimeType = "video/VP8", clockRate = 90000, preferredPayloadType = 101 }] };

    [Fact]
    public async Task Wishes_reach_the_plane_in_order()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        await using Call call = await Call.StartAsync(server, new { preferredLayers = new { spatialLayer = 0 }, priority = 7 });
        await AssertDoneAsync(call.Bob, "CONSUMER_SET_PREFERRED_LAYERS", new { consumerId = call.Consumer, preferredLayers = new { spatialLayer = 2, temporalLayer = 1 } });
        await AssertDoneAsync(call.Bob, "CONSUMER_SET_PREFERRED_LAYERS", new { consumerId = call.Consumer });
        await AssertDoneAsync(call.Bob, "CONSUMER_SET_PRIORITY", new { consumerId = call.Consumer, priority = 255 });
        await AssertDoneAsync(call.Bob, "TRANSPORT_SET_LIMITS", new { transportId = call.Recv, lastN = 4 });
        await AssertDoneAsync(call.Bob, "TRANSPORT_SET_LIMITS", new { transportId = call.Recv, maxVideo = 0 });
        Assert.Equal(["priority 7", "layers 0/", "layers 2/1", "layers any", "priority 255", "limits 4/", "limits /0"], plane.Room!.Wishes);
    }

    [Theory]
    [InlineData("""{"preferredLayers":{"spatialLayer":8}}""", "$.preferredLayers.spatialLayer")]
    [InlineData("""{"preferredLayers":{"spatialLayer":-1}}""", "$.preferredLayers.spatialLayer")]
    [InlineData("""{"preferredLayers":{"spatialLayer":0,"temporalLayer":8}}""", "$.preferredLayers.temporalLayer")]
    [InlineData("""{"preferredLayers":{}}""", "$.preferredLayers")]
    [InlineData("""{"preferredLayers":7}""", "$.preferredLayers")]
    [InlineData("""{"priority":256}""", "$.priority")]
    [InlineData("""{"priority":-1}""", "$.priority")]
    [InlineData("""{"priority":"high"}""", "$.priority")]
    public async Task A_wish_out_of_range_is_refused_and_does_not_reach_the_plane(string wish, string field)
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        await using Call call = await Call.StartAsync(server);
        Dictionary<string, object?> payload = JsonSerializer.Deserialize<Dictionary<string, object?>>(wish)!;
        string type = payload.ContainsKey("priority") ? "CONSUMER_SET_PRIORITY" : "CONSUMER_SET_PREFERRED_LAYERS";
        payload["consumerId"] = call.Consumer;
        Reply refused = await call.Bob.RequestAsync(type, payload);
        Assert.Equal("VALIDATION_FAILED", refused.Code);
        Assert.StartsWith(field, refused.Details.GetProperty("field").GetString(), StringComparison.Ordinal);
        Assert.Empty(plane.Room!.Wishes);
    }

    [Fact]
    public async Task Limits_are_for_ones_own_receive_transports()
    {
        await using TestServer server = await TestServer.StartAsync(media: new ScriptedMediaPlane());
        await using Call call = await Call.StartAsync(server);
        Assert.Equal("VALIDATION_FAILED", (await call.Alice.RequestAsync("TRANSPORT_SET_LIMITS", new { transportId = call.Send, lastN = 1 })).Code);
        Assert.Equal("TRANSPORT_NOT_FOUND", (await call.Alice.RequestAsync("TRANSPORT_SET_LIMITS", new { transportId = call.Recv, lastN = 1 })).Code);
        Assert.Equal("VALIDATION_FAILED", (await call.Bob.RequestAsync("TRANSPORT_SET_LIMITS", new { transportId = call.Recv, lastN = -1 })).Code);
        Assert.Equal("CONSUMER_NOT_FOUND", (await call.Alice.RequestAsync("CONSUMER_SET_PRIORITY", new { consumerId = call.Consumer, priority = 1 })).Code);
        Assert.Equal("CONSUMER_NOT_FOUND", (await call.Alice.RequestAsync("CONSUMER_SET_PREFERRED_LAYERS", new { consumerId = call.Consumer })).Code);
    }

    [Fact]
    public async Task Layers_scores_and_estimates_are_told_to_whose_they_are_and_to_nobody_else()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        await using Call call = await Call.StartAsync(server);
        plane.Room!.Notify(new LayersChanged(call.Consumer, new() { SpatialLayer = 0, TemporalLayer = 2 }, new() { SpatialLayer = 1 }));
        plane.Room.Notify(new ProducerScored(call.Producer, 8));
        plane.Room.Notify(new ConsumerScored(call.Consumer, 6));
        plane.Room.Notify(new ConsumerHeldBack(call.Consumer, ConsumerStarvedReason.Bandwidth));
        plane.Room.Notify(new BandwidthChanged(call.Recv, 150_000));
        plane.Room.Notify(new WatchedLayersChanged(call.Producer, null));

        JsonElement layers = (await call.Bob.EventAsync("LAYERS_CHANGED")).Payload;
        Assert.Equal((call.Consumer, call.Producer), (layers.GetProperty("consumerId").GetString(), layers.GetProperty("producerId").GetString()));
        Assert.Equal("""{"spatialLayer":0,"temporalLayer":2}""", layers.GetProperty("currentLayers").GetRawText());
        Assert.Equal("""{"spatialLayer":1}""", layers.GetProperty("targetLayers").GetRawText());
        JsonElement score = (await call.Bob.EventAsync("CONSUMER_SCORE")).Payload;
        Assert.Equal((6, 8), (score.GetProperty("score").GetInt32(), score.GetProperty("producerScore").GetInt32()));
        JsonElement state = (await call.Bob.EventAsync("CONSUMER_STATE")).Payload;
        Assert.Equal(("starved", "BANDWIDTH"), (state.GetProperty("state").GetString(), state.GetProperty("reason").GetString()));
        JsonElement bandwidth = (await call.Bob.EventAsync("TRANSPORT_BANDWIDTH")).Payload;
        Assert.Equal(150_000, bandwidth.GetProperty("availableBitrate").GetInt64());
        Assert.False((await call.Alice.EventAsync("PRODUCER_WATCHED_LAYERS")).Payload.TryGetProperty("maxSpatialLayer", out _), "nobody watches");
        Assert.Equal(8, (await call.Alice.EventAsync("PRODUCER_SCORE")).Payload.GetProperty("score").GetInt32());
        Assert.All((string[])["LAYERS_CHANGED", "CONSUMER_SCORE", "CONSUMER_STATE", "TRANSPORT_BANDWIDTH"], type => Assert.DoesNotContain(call.Alice.Received, frame => frame.Type == type));
        Assert.True(await call.Bob.HasNoAsync("PRODUCER_WATCHED_LAYERS"));
        Assert.DoesNotContain(call.Bob.Received, frame => frame.Type == "PRODUCER_SCORE");
    }

    [Fact]
    public async Task What_is_reported_of_things_that_are_gone_is_told_to_nobody()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        await using Call call = await Call.StartAsync(server);
        Assert.True((await call.Bob.RequestAsync("CONSUMER_CLOSE", new { consumerId = call.Consumer })).Ok);
        plane.Room!.Notify(new LayersChanged(call.Consumer, null, null));
        plane.Room.Notify(new WatchedLayersChanged("never was", 1));
        plane.Room.Notify(new BandwidthChanged(call.Recv, 1));
        await call.Bob.EventAsync("TRANSPORT_BANDWIDTH");
        Assert.DoesNotContain(call.Bob.Received, frame => frame.Type is "LAYERS_CHANGED" or "PRODUCER_WATCHED_LAYERS");
    }

    [Fact]
    public async Task Who_comes_back_on_a_new_socket_is_told_how_its_tracks_stand()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        await using Call call = await Call.StartAsync(server);
        call.Bob.Dispose();
        await call.Alice.EventAsync("PEER_STATE");
        plane.Room!.Notify(new LayersChanged(call.Consumer, null, new() { SpatialLayer = 0 }));
        plane.Room.Notify(new ConsumerHeldBack(call.Consumer, ConsumerStarvedReason.MaxVideo));
        plane.Room.Notify(new ProducerScored(call.Producer, 3));
        await call.Alice.EventAsync("PRODUCER_SCORE");

        using TestClient back = await server.ConnectAsync();
        Assert.True((await back.HelloAsync("bob-device", call.Bob.ResumeToken))["WELCOME"].GetProperty("resumed").GetBoolean());
        JsonElement layers = (await back.EventAsync("LAYERS_CHANGED")).Payload;
        Assert.False(layers.TryGetProperty("currentLayers", out _));
        Assert.Equal(0, layers.GetProperty("targetLayers").GetProperty("spatialLayer").GetInt32());
        Assert.Equal("MAX_VIDEO", (await back.EventAsync("CONSUMER_STATE")).Payload.GetProperty("reason").GetString());
    }

    private static async Task AssertDoneAsync(TestClient client, string type, object payload)
    {
        Reply reply = await client.RequestAsync(type, payload);
        Assert.True(reply.Ok, reply.ToString());
        Assert.Empty(reply.Events);
    }

    /// <summary>Alice sends a video of three encodings, Bob receives it.</summary>
    private sealed record Call(TestClient Alice, TestClient Bob, string Send, string Recv, string Producer, string Consumer) : IAsyncDisposable
    {
        public static async Task<Call> StartAsync(TestServer server, object? wishes = null)
        {
            (TestClient alice, string token) = await server.CreateAsync("alice", "r");
            TestClient bob = await server.JoinAsync("bob", "r", token);
            string send = await TransportAsync(alice, "send");
            string recv = await TransportAsync(bob, "recv");
            string producer = (await alice.RequestAsync("PRODUCE", new { transportId = send, kind = "video", rtpParameters = Vp8 }))["PRODUCED"].GetProperty("producerId").GetString()!;
            Dictionary<string, object?> consume = JsonSerializer.Deserialize<Dictionary<string, object?>>(JsonSerializer.Serialize(wishes ?? new { }))!;
            (consume["producerId"], consume["rtpCapabilities"]) = (producer, Caps);
            string consumer = (await bob.RequestAsync("CONSUME", consume))["CONSUMER_ADDED"].GetProperty("consumerId").GetString()!;
            return new(alice, bob, send, recv, producer, consumer);
        }

        public ValueTask DisposeAsync()
        {
            Alice.Dispose();
            Bob.Dispose();
            return ValueTask.CompletedTask;
        }

        private static async Task<string> TransportAsync(TestClient client, string direction) =>
            (await client.RequestAsync("TRANSPORT_CREATE", new { direction }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;
    }
}
