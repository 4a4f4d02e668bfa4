using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Contract §1.16: what the original did wrong, each with a test of its own. 6, 8 and 10 are about things that are not here.</summary>
public class TrapTests
{
    [Fact]
    public async Task Trap_1_an_epoch_never_goes_back()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        for (long epoch = 1; epoch <= 3; epoch++)
        {
            Assert.True((await alice.RequestAsync("REKEY_COMMIT", new { epoch })).Ok);
        }

        foreach (long epoch in (long[])[1, 2, 3, 5, long.MaxValue / 1024])
        {
            Assert.Equal("E2EE_EPOCH_MISMATCH", (await alice.RequestAsync("REKEY_COMMIT", new { epoch })).Code);
        }

        alice.Dispose();
    }

    [Fact]
    public async Task Trap_2_what_is_relayed_carries_no_seq_so_nothing_after_it_is_lost()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        alice.Seq = 1_000_000;
        await alice.RequestAsync("REKEY_BEGIN", new { epoch = 1 });
        await alice.RequestAsync("REKEY_COMMIT", new { epoch = 1 });
        Assert.Null((await bob.EventAsync("REKEY_BEGIN")).Seq);
        Assert.Null((await bob.EventAsync("REKEY_COMMIT")).Seq);
        long before = bob.Received.Where(frame => frame.Seq is not null).Max(frame => frame.Seq!.Value);
        Reply state = await bob.RequestAsync("ROOM_STATE_GET");
        Assert.Equal(before + 1, state.Events.First(frame => frame.Type == "ROOM_STATE").Seq);
        alice.Dispose();
    }

    [Fact]
    public async Task Trap_3_a_member_cannot_take_another_devices_place_by_naming_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient mallory = await server.SignInAsync("mallory");
        Reply reply = await mallory.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token, deviceId = "alice-device" });
        Assert.Equal("VALIDATION_FAILED", reply.Code);
        Assert.Equal("DEVICE_ID_MISMATCH", reply.Details.GetProperty("reason").GetString());
        Assert.True((await alice.RequestAsync("ROOM_STATE_GET")).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task Trap_3_the_close_of_an_old_socket_does_not_remove_the_new_session()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        TestClient renewed = await server.SignInAsync("alice");
        Assert.True((await renewed.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Ok);
        Assert.Equal("REPLACED", (await bob.EventAsync("PEER_LEFT")).Payload.GetProperty("reason").GetString());
        await alice.ClosedAsync();
        alice.Cut();
        server.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await bob.HasNoAsync("PEER_LEFT"));
        Assert.Equal(2, (await renewed.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"].GetProperty("peers").GetArrayLength());
        alice.Dispose();
        renewed.Dispose();
    }

    [Fact]
    public async Task Trap_4_a_resume_token_is_honoured()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        alice.Cut();
        using TestClient back = await server.ConnectAsync();
        Assert.True((await back.HelloAsync("alice-device", alice.ResumeToken))["WELCOME"].GetProperty("resumed").GetBoolean());
        Assert.True((await back.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task Trap_5_readiness_is_bound_to_the_epoch_and_ends_with_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Assert.Equal("E2EE_EPOCH_MISMATCH", (await alice.RequestAsync("E2EE_READY", new { epoch = 1 })).Code);
        await alice.RequestAsync("REKEY_COMMIT", new { epoch = 1 });
        Assert.Equal("E2EE_NOT_READY", (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        Assert.Equal("E2EE_EPOCH_MISMATCH", (await alice.RequestAsync("E2EE_READY", new { epoch = 0 })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task Trap_7_health_says_when_the_node_is_not_well()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await server.Client.GetAsync("/health")).StatusCode);
        plane.AliveWorkers = 0;
        HttpResponseMessage answer = await server.Client.GetAsync("/healthz");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        JsonElement body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.False(body.GetProperty("ok").GetBoolean());
        Assert.Contains(body.GetProperty("checks").EnumerateArray(), check => check.TryGetProperty("reason", out JsonElement reason) && reason.GetString() == "workers_dead");
    }

    [Fact]
    public async Task A_busy_node_takes_nobody_new_says_when_to_come_back_and_leaves_those_who_are_in_alone()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.SignInAsync("bob");
        plane.IsOverloaded = true;

        Reply refused = await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token });
        Assert.Equal(("NODE_FULL", true), (refused.Code, refused.Retryable));
        Assert.Equal("OVERLOADED", refused.Details.GetProperty("reason").GetString());
        Assert.Equal(2000, refused.Details.GetProperty("retryAfterMs").GetInt64());
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/ready")).StatusCode);
        Assert.True((await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Ok);

        plane.IsOverloaded = false;
        Assert.True((await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task Trap_9_a_rekey_is_asked_for_after_a_join_and_after_a_leave()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        TestClient carol = await server.JoinAsync("carol", "r", token);
        Assert.Equal("member_join", (await alice.EventAsync("REKEY_REQUIRED")).Payload.GetProperty("reason").GetString());
        Assert.Equal("member_join", (await alice.EventAsync("REKEY_REQUIRED")).Payload.GetProperty("reason").GetString());
        await carol.RequestAsync("ROOM_LEAVE");
        Assert.Equal("member_leave", (await alice.EventAsync("REKEY_REQUIRED")).Payload.GetProperty("reason").GetString());
        alice.Dispose();
        carol.Dispose();
    }

    [Fact]
    public async Task Trap_11_a_late_joiner_finds_the_producers_in_the_snapshot_and_consumes_them()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        string transport = (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;
        string producer = (await alice.RequestAsync("PRODUCE", new { transportId = transport, kind = "video", rtpParameters = new { }, appData = new { source = "screen" } }))["PRODUCED"].GetProperty("producerId").GetString()!;
        using TestClient bob = await server.SignInAsync("bob");
        JsonElement found = Assert.Single((await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token }))["ROOM_SNAPSHOT"].GetProperty("producers").EnumerateArray());
        Assert.Equal(producer, found.GetProperty("producerId").GetString());
        Assert.Equal("screen", found.GetProperty("source").GetString());
        await bob.RequestAsync("E2EE_READY", new { epoch = 0 });
        Assert.True((await bob.RequestAsync("CONSUME", new { producerId = producer, rtpCapabilities = new { } })).Ok);
        alice.Dispose();
    }
}
