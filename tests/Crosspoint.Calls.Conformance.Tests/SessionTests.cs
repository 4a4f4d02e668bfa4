using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>HELLO, AUTH, PING, E2EE_CAPS; who owns a device; how a session outlives its socket.</summary>
public class SessionTests
{
    [Fact]
    public async Task HELLO_is_answered_by_WELCOME()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        JsonElement welcome = (await client.HelloAsync("device-1"))["WELCOME"];
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeMilliseconds(), welcome.GetProperty("serverTime").GetInt64());
        Assert.Equal(10, welcome.GetProperty("heartbeatSec").GetInt32());
        Assert.True(welcome.GetProperty("resumeToken").GetString()!.Length >= 22, "128 bits at least");
        JsonElement features = welcome.GetProperty("features");
        Assert.True(features.GetProperty("wsSeqRequired").GetBoolean());
        Assert.True(features.GetProperty("e2eeRequiredDefault").GetBoolean());
        Assert.False(features.GetProperty("sframeRequired").GetBoolean());
        Assert.True(features.GetProperty("sfuEnabled").GetBoolean());
    }

    [Fact]
    public async Task AUTH_is_answered_by_AUTH_OK_with_the_user_and_the_device()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.HelloAsync("device-1");
        JsonElement ok = (await client.AuthAsync("alice"))["AUTH_OK"];
        Assert.Equal(TestClient.UserIdOf("alice"), ok.GetProperty("userId").GetString());
        Assert.Equal("device-1", ok.GetProperty("deviceId").GetString());
    }

    [Fact]
    public async Task A_device_that_does_not_name_itself_gets_a_name()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.HelloAsync(null);
        string device = (await client.AuthAsync("alice"))["AUTH_OK"].GetProperty("deviceId").GetString()!;
        Assert.Matches("^dev_[0-9a-f]{8}$", device);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accessToken":""}""")]
    [InlineData("""{"accessToken":"short"}""")]
    public async Task AUTH_without_a_token_of_twenty_characters_is_refused_for_good(string payload)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        Reply reply = await client.RequestAsync("AUTH", JsonElement.Parse(payload));
        Assert.Equal("UNAUTHENTICATED", reply.Code);
        Assert.False(reply.Retryable);
    }

    [Theory]
    [InlineData("a b c d e")]
    [InlineData("short")]
    [InlineData("evil/device")]
    [InlineData("newline\n")]
    public async Task A_device_id_of_other_characters_or_length_is_refused(string device)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        Assert.Equal("VALIDATION_FAILED", (await client.HelloAsync(device)).Code);
    }

    [Fact]
    public async Task PING_needs_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        Reply reply = await client.RequestAsync("PING");
        Assert.True(reply.Ok);
        Assert.Empty(reply.Events);
    }

    [Fact]
    public async Task A_device_of_one_user_cannot_be_claimed_by_another()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice", "shared-device");
        using TestClient mallory = await server.ConnectAsync();
        await mallory.HelloAsync("shared-device");
        Reply reply = await mallory.RequestAsync("AUTH", new { accessToken = TestClient.TokenOf("mallory") });
        Assert.Equal("VALIDATION_FAILED", reply.Code);
        Assert.Equal("DEVICE_ID_IN_USE", reply.Details.GetProperty("reason").GetString());
        Assert.True((await alice.RequestAsync("PING")).Ok);
    }

    [Fact]
    public async Task The_same_device_on_a_new_socket_without_a_token_replaces_the_old_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient old = await server.SignInAsync("alice", "alice-device");
        using TestClient renewed = await server.SignInAsync("alice", "alice-device");
        Assert.Equal((4009, "DEVICE_REPLACED"), await old.ClosedAsync());
        Assert.True((await renewed.RequestAsync("ROOM_CREATE", new { roomId = "r" })).Ok);
    }

    [Fact]
    public async Task AUTH_again_renews_the_token_and_another_user_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        await alice.AuthAsync("alice");
        Reply reply = await alice.RequestAsync("AUTH", new { accessToken = TestClient.TokenOf("mallory") });
        Assert.Equal("UNAUTHENTICATED", reply.Code);
        Assert.False(reply.Retryable);
    }

    [Fact]
    public async Task A_socket_that_does_not_authenticate_in_time_is_closed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.HelloAsync("device-1");
        server.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((4012, "HANDSHAKE_TIMEOUT"), await client.ClosedAsync());
    }

    [Fact]
    public async Task A_silent_socket_is_closed_and_one_that_pings_is_not()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient silent = await server.SignInAsync("alice");
        using TestClient alive = await server.SignInAsync("bob");
        server.Time.Advance(TimeSpan.FromSeconds(20));
        await alive.RequestAsync("PING");
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((4011, "HEARTBEAT_TIMEOUT"), await silent.ClosedAsync());
        Assert.True((await alive.RequestAsync("PING")).Ok);
    }

    [Fact]
    public async Task E2EE_CAPS_without_SFrame_is_refused_where_SFrame_is_required_and_so_is_joining()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { E2ee = options.E2ee with { RequireSFrame = true } });
        using TestClient client = await server.SignInAsync("alice");
        await client.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Assert.Equal("UNSUPPORTED_E2EE", (await client.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Code);
        Assert.Equal("UNSUPPORTED_E2EE", (await client.RequestAsync("E2EE_CAPS", new { insertableStreams = true })).Code);
        Assert.Equal("UNSUPPORTED_E2EE", (await client.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Code);
        Assert.True((await client.RequestAsync("E2EE_CAPS", new { insertableStreams = true, sframe = true })).Ok);
        Assert.True((await client.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Ok);
    }

    [Fact]
    public async Task A_session_resumes_on_a_new_socket_with_its_room_its_media_and_a_fresh_snapshot()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Sessions = options.Sessions with { Silence = TimeSpan.FromHours(1) } });
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string transport = (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;
        string producer = (await alice.RequestAsync("PRODUCE", new { transportId = transport, kind = "audio", rtpParameters = new { } }))["PRODUCED"].GetProperty("producerId").GetString()!;
        alice.Cut();
        Assert.Equal("rejoining", (await bob.EventAsync("PEER_STATE")).Payload.GetProperty("state").GetString());
        JsonElement meanwhile = (await bob.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"];
        Assert.Equal("rejoining", meanwhile.GetProperty("peers")[0].GetProperty("state").GetString());
        Assert.Equal(producer, meanwhile.GetProperty("producers")[0].GetProperty("producerId").GetString());
        server.Time.Advance(TimeSpan.FromSeconds(14));

        using TestClient back = await server.ConnectAsync();
        Reply hello = await back.HelloAsync("alice-device", alice.ResumeToken);
        Assert.Equal(["WELCOME", "ROOM_SNAPSHOT"], hello.Types);
        Assert.True(hello["WELCOME"].GetProperty("resumed").GetBoolean());
        JsonElement snapshot = hello["ROOM_SNAPSHOT"];
        Assert.Equal(producer, snapshot.GetProperty("producers")[0].GetProperty("producerId").GetString());
        Assert.Equal("joined", snapshot.GetProperty("peers")[0].GetProperty("state").GetString());
        Assert.Equal("joined", (await bob.EventAsync("PEER_STATE")).Payload.GetProperty("state").GetString());

        // The grace period of the old socket must not end the resumed session.
        server.Time.Advance(TimeSpan.FromSeconds(8));
        Reply auth = await back.AuthAsync("alice");
        Assert.True(auth["AUTH_OK"].GetProperty("resumed").GetBoolean());
        Assert.Equal("r", auth["AUTH_OK"].GetProperty("roomId").GetString());
        server.Time.Advance(TimeSpan.FromSeconds(8));
        Assert.True((await back.RequestAsync("PRODUCER_PAUSE", new { producerId = producer })).Ok);
        Assert.True(await bob.HasNoAsync("PEER_LEFT"));
        alice.Dispose();
    }

    [Fact]
    public async Task A_session_that_does_not_come_back_leaves_when_the_grace_period_is_over()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        alice.Cut();
        await bob.EventAsync("PEER_STATE");
        server.Time.Advance(TimeSpan.FromSeconds(16));
        Frame left = await bob.EventAsync("PEER_LEFT");
        Assert.Equal("DISCONNECTED", left.Payload.GetProperty("reason").GetString());
        using TestClient late = await server.ConnectAsync();
        Reply hello = await late.HelloAsync("alice-device", alice.ResumeToken);
        Assert.False(hello["WELCOME"].GetProperty("resumed").GetBoolean());
        Assert.Equal("UNAUTHENTICATED", (await late.RequestAsync("ROOM_STATE_GET")).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task A_page_that_is_left_for_good_leaves_its_room_at_once()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        await alice.CloseAsync(1001);
        Assert.Equal("DISCONNECTED", (await bob.EventAsync("PEER_LEFT")).Payload.GetProperty("reason").GetString());
        alice.Dispose();
    }

    [Fact]
    public async Task A_resume_token_is_good_once_and_for_its_device_only()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        using TestClient thief = await server.ConnectAsync();
        Assert.False((await thief.HelloAsync("other-device", alice.ResumeToken))["WELCOME"].GetProperty("resumed").GetBoolean());
        using TestClient second = await server.ConnectAsync();
        Assert.False((await second.HelloAsync("alice-device", alice.ResumeToken))["WELCOME"].GetProperty("resumed").GetBoolean());
        Assert.True((await alice.RequestAsync("PING")).Ok);
    }

    [Fact]
    public async Task Resuming_while_the_old_socket_still_stands_closes_the_old_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        using TestClient back = await server.ConnectAsync();
        Assert.True((await back.HelloAsync("alice-device", alice.ResumeToken))["WELCOME"].GetProperty("resumed").GetBoolean());
        Assert.Equal((4010, "SESSION_REPLACED"), await alice.ClosedAsync());
        Assert.True((await back.RequestAsync("ROOM_STATE_GET")).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task A_request_whose_ACK_was_lost_is_not_done_twice_after_a_resume()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string transport = (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;
        object produce = new { transportId = transport, kind = "audio", rtpParameters = new { } };
        string id = await alice.SendAsync("PRODUCE", produce);
        await bob.EventAsync("PRODUCER_ADDED");
        alice.Cut();
        await bob.EventAsync("PEER_STATE");
        using TestClient back = await server.ConnectAsync();
        await back.HelloAsync("alice-device", alice.ResumeToken);
        await back.SendAsync("PRODUCE", produce, id);
        Assert.True((await back.ReplyToAsync(id)).Ok);
        Assert.Equal(1, (await back.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"].GetProperty("producers").GetArrayLength());
        alice.Dispose();
    }
}
