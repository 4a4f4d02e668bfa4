using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Transports, producers, consumers, on a control-only plane and on one that claims to be real.</summary>
public class MediaTests
{
    private static readonly object Fingerprints = new { role = "client", fingerprints = (object[])[new { algorithm = "sha-256", value = "AA:BB" }] };
    private static readonly object Opus = new { codecs = (object[])[new { mimeType = "audio/opus", payloadType = 100, clockRate = 48000, channels = 2 }], encodings = (object[])[new { ssrc = 1234 }] };
    private static readonly object Caps = new { codecs = (object[])[new { kind = "audio", mimeType = "audio/opus", clockRate = 48000, channels = 2, preferredPayloadType = 100 }] };
    private static readonly object Never = new { codecs = (object[])[new { kind = "video", mimeType = "video/never", clockRate = 90000 }] };

    [Fact]
    public async Task The_control_only_plane_answers_in_shape_and_accepts_empty_parameters()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        JsonElement created = (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "anything" }))["TRANSPORT_CREATED"];
        Assert.Equal("send", created.GetProperty("direction").GetString());
        Assert.NotEmpty(created.GetProperty("iceParameters").GetProperty("usernameFragment").GetString()!);
        Assert.Equal(0, created.GetProperty("iceCandidates").GetArrayLength());
        Assert.StartsWith("00:00", created.GetProperty("dtlsParameters").GetProperty("fingerprints")[0].GetProperty("value").GetString(), StringComparison.Ordinal);
        string transport = created.GetProperty("transportId").GetString()!;
        Assert.Empty((await alice.RequestAsync("TRANSPORT_CONNECT", new { transportId = transport, dtlsParameters = new { } })).Events);
        string producer = (await alice.RequestAsync("PRODUCE", new { transportId = transport, kind = "audio", rtpParameters = new { } }))["PRODUCED"].GetProperty("producerId").GetString()!;
        JsonElement added = (await bob.EventAsync("PRODUCER_ADDED")).Payload;
        Assert.Equal(producer, added.GetProperty("producerId").GetString());
        Assert.Equal("alice-device", added.GetProperty("peerDeviceId").GetString());
        Assert.Equal("microphone", added.GetProperty("producer").GetProperty("source").GetString());
        JsonElement consumer = (await bob.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { }, mode = "low-latency" }))["CONSUMER_ADDED"];
        Assert.Equal(producer, consumer.GetProperty("producerId").GetString());
        Assert.Equal(consumer.GetProperty("consumerId").GetString(), consumer.GetProperty("consumer").GetProperty("consumerId").GetString());
        Assert.False(consumer.GetProperty("paused").GetBoolean());
        Assert.True(await alice.HasNoAsync("PRODUCER_ADDED"));
        alice.Dispose();
    }

    [Fact]
    public async Task A_real_plane_needs_fingerprints_codecs_and_a_receive_transport()
    {
        await using TestServer server = await TestServer.StartAsync(media: new ScriptedMediaPlane());
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        string send = await TransportAsync(alice, "send");
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("TRANSPORT_CONNECT", new { transportId = send, dtlsParameters = new { } })).Code);
        Assert.True((await alice.RequestAsync("TRANSPORT_CONNECT", new { transportId = send, dtlsParameters = Fingerprints })).Ok);
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("PRODUCE", new { transportId = send, kind = "audio", rtpParameters = new { } })).Code);
        string producer = await ProduceAsync(alice, send);
        Assert.Equal("TRANSPORT_NOT_FOUND", (await alice.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = Caps })).Code);
        string recv = await TransportAsync(alice, "recv");
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { } })).Code);
        Assert.Equal("CANNOT_CONSUME", (await alice.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = Never })).Code);
        Assert.Equal(recv, (await alice.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = Caps }))["CONSUMER_ADDED"].GetProperty("transportId").GetString());
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("PRODUCE", new { transportId = recv, kind = "audio", rtpParameters = Opus })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task What_is_not_ones_own_is_not_found()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string transport = await TransportAsync(alice, "send");
        string producer = await ProduceAsync(alice, transport);
        string consumer = (await alice.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { } }))["CONSUMER_ADDED"].GetProperty("consumerId").GetString()!;
        Assert.Equal("TRANSPORT_NOT_FOUND", (await bob.RequestAsync("TRANSPORT_CONNECT", new { transportId = transport, dtlsParameters = new { } })).Code);
        Assert.Equal("TRANSPORT_NOT_FOUND", (await bob.RequestAsync("PRODUCE", new { transportId = transport, kind = "audio", rtpParameters = new { } })).Code);
        Assert.Equal("TRANSPORT_NOT_FOUND", (await bob.RequestAsync("ICE_RESTART", new { transportId = transport })).Code);
        Assert.Equal("TRANSPORT_NOT_FOUND", (await bob.RequestAsync("TRANSPORT_STATS_GET", new { transportId = transport })).Code);
        Assert.Equal("PRODUCER_NOT_FOUND", (await bob.RequestAsync("CONSUME", new { producerId = "p", rtpCapabilities = new { } })).Code);
        foreach (string type in (string[])["PRODUCER_PAUSE", "PRODUCER_RESUME", "PRODUCER_CLOSE"])
        {
            Assert.Equal("PRODUCER_NOT_FOUND", (await bob.RequestAsync(type, new { producerId = producer })).Code);
        }

        foreach (string type in (string[])["CONSUMER_PAUSE", "CONSUMER_RESUME", "CONSUMER_CLOSE"])
        {
            Assert.Equal("CONSUMER_NOT_FOUND", (await bob.RequestAsync(type, new { consumerId = consumer })).Code);
        }

        alice.Dispose();
    }

    [Fact]
    public async Task Pausing_resuming_and_closing_a_producer_is_told_to_the_others()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string producer = await ProduceAsync(alice, await TransportAsync(alice, "send"));
        string consumer = (await bob.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { } }))["CONSUMER_ADDED"].GetProperty("consumerId").GetString()!;
        long last = 0;
        foreach ((string request, string heard) in ((string, string)[])[("PRODUCER_PAUSE", "PRODUCER_PAUSED"), ("PRODUCER_RESUME", "PRODUCER_RESUMED"), ("PRODUCER_CLOSE", "PRODUCER_REMOVED")])
        {
            Assert.True((await alice.RequestAsync(request, new { producerId = producer })).Ok);
            JsonElement payload = (await bob.EventAsync(heard)).Payload;
            Assert.Equal(producer, payload.GetProperty("producerId").GetString());
            Assert.True(payload.GetProperty("roomVersion").GetInt64() > last);
            last = payload.GetProperty("roomVersion").GetInt64();
        }

        JsonElement closed = (await bob.EventAsync("CONSUMER_CLOSED")).Payload;
        Assert.Equal(consumer, closed.GetProperty("consumerId").GetString());
        Assert.Equal("PRODUCER_CLOSED", closed.GetProperty("reason").GetString());
        Assert.Equal("PRODUCER_NOT_FOUND", (await bob.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { } })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task A_consumer_can_start_paused_be_resumed_paused_and_closed()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        string producer = await ProduceAsync(alice, await TransportAsync(alice, "send"));
        JsonElement added = (await alice.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { }, paused = true }))["CONSUMER_ADDED"];
        Assert.Equal("paused", added.GetProperty("consumer").GetProperty("state").GetString());
        string consumer = added.GetProperty("consumerId").GetString()!;
        foreach (string type in (string[])["CONSUMER_RESUME", "CONSUMER_PAUSE", "CONSUMER_CLOSE"])
        {
            Assert.True((await alice.RequestAsync(type, new { consumerId = consumer })).Ok);
        }

        Assert.Equal("CONSUMER_NOT_FOUND", (await alice.RequestAsync("CONSUMER_RESUME", new { consumerId = consumer })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task ICE_RESTART_gives_new_credentials_and_without_a_transport_echoes_the_policy()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        JsonElement created = (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" }))["TRANSPORT_CREATED"];
        JsonElement restarted = (await alice.RequestAsync("ICE_RESTART", new { transportId = created.GetProperty("transportId").GetString(), policy = "all", reason = "FAILED" }))["ICE_RESTART_OK"];
        Assert.Equal("all", restarted.GetProperty("policy").GetString());
        Assert.NotEqual(created.GetProperty("iceParameters").GetProperty("usernameFragment").GetString(), restarted.GetProperty("iceParameters").GetProperty("usernameFragment").GetString());
        Assert.Equal("relay", (await alice.RequestAsync("ICE_RESTART", new { }))["ICE_RESTART_OK"].GetProperty("policy").GetString());
        alice.Dispose();
    }

    [Fact]
    public async Task Transport_statistics_can_be_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        string transport = await TransportAsync(alice, "send");
        JsonElement stats = (await alice.RequestAsync("TRANSPORT_STATS_GET", new { transportId = transport }))["TRANSPORT_STATS"];
        Assert.Equal(transport, stats.GetProperty("transportId").GetString());
        Assert.Equal(0, stats.GetProperty("packetsSent").GetInt64());
        alice.Dispose();
    }

    [Fact]
    public async Task What_the_plane_reports_reaches_those_it_concerns()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string transport = await TransportAsync(alice, "send");
        string producer = await ProduceAsync(alice, transport);
        plane.Room!.Notify(new TransportStateChanged(transport, TransportConnectionState.Connected, "dtls"));
        Assert.Equal("connected", (await alice.EventAsync("TRANSPORT_STATE")).Payload.GetProperty("state").GetString());
        plane.Room.Notify(new ActiveSpeakersChanged([new(producer, -20), new("unknown", -1)]));
        JsonElement speaker = Assert.Single((await bob.EventAsync("ACTIVE_SPEAKERS")).Payload.GetProperty("speakers").EnumerateArray());
        Assert.Equal("alice-device", speaker.GetProperty("deviceId").GetString());
        Assert.Equal(-20, speaker.GetProperty("levelDbov").GetInt32());
        plane.Room.Notify(new DominantSpeakerChanged("unknown"));
        plane.Room.Notify(new DominantSpeakerChanged(producer));
        JsonElement dominant = (await bob.EventAsync("DOMINANT_SPEAKER")).Payload;
        Assert.Equal(("alice-device", producer), (dominant.GetProperty("deviceId").GetString(), dominant.GetProperty("producerId").GetString()));
        using TestClient carol = await server.JoinAsync("carol", "r", token);
        Assert.Equal("alice-device", (await carol.EventAsync("DOMINANT_SPEAKER")).Payload.GetProperty("deviceId").GetString());
        plane.Room.Notify(new ProducerClosed(producer, "SFRAME_FRAMES_TOO_SMALL"));
        Assert.Equal("SFRAME_FRAMES_TOO_SMALL", (await bob.EventAsync("PRODUCER_REMOVED")).Payload.GetProperty("reason").GetString());
        Assert.Equal("SFRAME_FRAMES_TOO_SMALL", (await alice.EventAsync("PRODUCER_REMOVED")).Payload.GetProperty("reason").GetString());
        Assert.True(await bob.HasNoAsync("TRANSPORT_STATE"));
        Assert.True(await bob.HasNoAsync("DOMINANT_SPEAKER"));
        using TestClient dave = await server.JoinAsync("dave", "r", token);
        Assert.True(await dave.HasNoAsync("DOMINANT_SPEAKER"));
        alice.Dispose();
    }

    [Fact]
    public async Task A_room_survives_the_death_of_its_media_worker()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string transport = await TransportAsync(alice, "send");
        await ProduceAsync(alice, transport);
        plane.Room!.Die();
        JsonElement state = (await alice.EventAsync("TRANSPORT_STATE")).Payload;
        Assert.Equal("closed", state.GetProperty("state").GetString());
        Assert.Equal("MEDIA_FAILURE", (await bob.EventAsync("PRODUCER_REMOVED")).Payload.GetProperty("reason").GetString());
        Assert.NotEqual(transport, await TransportAsync(alice, "send"));
        alice.Dispose();
    }

    [Fact]
    public async Task Transports_and_producers_of_a_device_are_bounded()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { TransportsPerPeer = 2, ProducersPerPeer = 1 } });
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        string transport = await TransportAsync(alice, "send");
        await TransportAsync(alice, "recv");
        Assert.Equal("RATE_LIMITED", (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        await ProduceAsync(alice, transport);
        Assert.Equal("RATE_LIMITED", (await alice.RequestAsync("PRODUCE", new { transportId = transport, kind = "audio", rtpParameters = new { } })).Code);
        alice.Dispose();
    }

    private static async Task<string> TransportAsync(TestClient client, string direction) =>
        (await client.RequestAsync("TRANSPORT_CREATE", new { direction }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;

    private static async Task<string> ProduceAsync(TestClient client, string transportId) =>
        (await client.RequestAsync("PRODUCE", new { transportId, kind = "audio", rtpParameters = Opus }))["PRODUCED"].GetProperty("producerId").GetString()!;
}
