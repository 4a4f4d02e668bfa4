using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>ROOM_CREATE, ROOM_JOIN, ROOM_LEAVE, ROOM_STATE_GET: rooms and who gets in.</summary>
public class RoomTests
{
    [Fact]
    public async Task A_created_room_is_described_and_its_creator_gets_a_join_token_twice()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        Reply reply = await alice.RequestAsync("ROOM_CREATE", new { roomId = "r", callId = "c" });
        JsonElement created = reply["ROOM_CREATED"];
        Assert.Equal("r", created.GetProperty("roomId").GetString());
        Assert.Equal("c", created.GetProperty("callId").GetString());
        Assert.Equal("tr", created.GetProperty("region").GetString());
        Assert.Equal("local-sfu-1", created.GetProperty("nodeId").GetString());
        Assert.Equal(0, created.GetProperty("epoch").GetInt64());
        Assert.Equal(created.GetProperty("joinToken").GetString(), reply["ROOM_JOIN_SECRET"].GetProperty("joinToken").GetString());
    }

    [Fact]
    public async Task A_display_name_is_passed_on_as_it_was_given()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.SignInAsync("bob");
        Reply reply = await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token, displayName = "Bob 👨‍👩‍👧 Öz" });
        Assert.True(reply.Ok, reply.ToString());
        Assert.Equal("Bob 👨‍👩‍👧 Öz", (await alice.EventAsync("PEER_JOINED")).Payload.GetProperty("displayName").GetString());
        foreach (JsonElement room in (JsonElement[])[reply["ROOM_SNAPSHOT"], (await alice.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"]])
        {
            JsonElement[] peers = [.. room.GetProperty("peers").EnumerateArray()];
            Assert.False(peers[0].TryGetProperty("displayName", out _));
            Assert.Equal("Bob 👨‍👩‍👧 Öz", peers[1].GetProperty("displayName").GetString());
        }

        alice.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("nul\0")]
    [InlineData("\u202Ereversed")]
    [InlineData("more than sixty-four characters is no name but a story told at the door")]
    public async Task A_display_name_that_is_none_is_refused(string name)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Reply reply = await alice.RequestAsync("ROOM_JOIN", new { roomId = "r", displayName = name });
        Assert.Equal("VALIDATION_FAILED", reply.Code);
        Assert.True((await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Ok);
    }

    [Fact]
    public async Task ROOM_JOIN_tells_everything_a_client_needs()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Reply reply = await alice.RequestAsync("ROOM_JOIN", new { roomId = "r", deviceId = "alice-device" });
        JsonElement joined = reply["ROOM_JOIN_OK"];
        Assert.True(joined.GetProperty("mediasoup").GetProperty("routerRtpCapabilities").GetProperty("codecs").GetArrayLength() > 0);
        Assert.Equal("send_alice-device", joined.GetProperty("mediasoup").GetProperty("sendTransportOptions").GetProperty("id").GetString());
        Assert.Equal("recv_alice-device", joined.GetProperty("mediasoup").GetProperty("recvTransportOptions").GetProperty("id").GetString());
        Assert.True(joined.GetProperty("e2ee").GetProperty("required").GetBoolean());
        JsonElement policy = reply["E2EE_POLICY"];
        Assert.True(policy.GetProperty("required").GetBoolean());
        Assert.True(policy.GetProperty("rekeyOnJoin").GetBoolean());
        JsonElement snapshot = reply["ROOM_SNAPSHOT"];
        JsonElement peer = Assert.Single(snapshot.GetProperty("peers").EnumerateArray());
        Assert.Equal("alice-device", peer.GetProperty("deviceId").GetString());
        Assert.Equal("member", peer.GetProperty("role").GetString());
        Assert.Equal("joined", peer.GetProperty("state").GetString());
        Assert.False(peer.GetProperty("e2eeReady").GetBoolean());
        JsonElement e2ee = snapshot.GetProperty("e2ee");
        Assert.Equal("alice-device", e2ee.GetProperty("leaderDeviceId").GetString());
        Assert.Equal("alice-device", e2ee.GetProperty("expectedSenderDevices")[0].GetString());
        Assert.Equal(0, e2ee.GetProperty("missingSenderKeys").GetArrayLength());
    }

    [Fact]
    public async Task Others_hear_of_a_join_before_the_joiner_gets_its_ACK_and_of_a_leave()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        TestClient bob = await server.JoinAsync("bob", "r", token);
        JsonElement joined = (await alice.EventAsync("PEER_JOINED")).Payload;
        Assert.Equal("bob-device", joined.GetProperty("deviceId").GetString());
        Assert.Equal(TestClient.UserIdOf("bob"), joined.GetProperty("userId").GetString());
        Reply left = await bob.RequestAsync("ROOM_LEAVE", new { });
        Assert.Equal("r", left["ROOM_LEFT"].GetProperty("roomId").GetString());
        JsonElement heard = (await alice.EventAsync("PEER_LEFT")).Payload;
        Assert.Equal("LEFT", heard.GetProperty("reason").GetString());
        Assert.True(heard.GetProperty("roomVersion").GetInt64() > joined.GetProperty("roomVersion").GetInt64());
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("ROOM_STATE_GET")).Code);
        alice.Dispose();
        bob.Dispose();
    }

    [Fact]
    public async Task Joining_again_tells_everything_again_and_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        long version = (await bob.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"].GetProperty("roomVersion").GetInt64();
        Reply again = await bob.RequestAsync("ROOM_JOIN", new { roomId = "r" , joinToken = token });
        Assert.Equal(version, again["ROOM_SNAPSHOT"].GetProperty("roomVersion").GetInt64());
        Assert.True((await bob.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
        await alice.EventAsync("PEER_JOINED");
        Assert.True(await alice.HasNoAsync("PEER_JOINED"));
        alice.Dispose();
    }

    [Fact]
    public async Task An_empty_room_is_gone()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        await alice.RequestAsync("ROOM_LEAVE");
        Assert.Equal("ROOM_NOT_FOUND", (await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task A_room_nobody_joins_is_gone_after_the_idle_time()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Sessions = options.Sessions with { Silence = TimeSpan.FromDays(1) } });
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        server.Time.Advance(TimeSpan.FromSeconds(3601));
        Assert.Equal("ROOM_NOT_FOUND", (await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Code);
    }

    [Fact]
    public async Task A_full_room_refuses_the_next_device_and_says_its_limit()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { PeersPerRoom = 2 } });
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        using TestClient carol = await server.SignInAsync("carol");
        Reply reply = await carol.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token });
        Assert.Equal("ROOM_FULL", reply.Code);
        Assert.Equal(2, reply.Details.GetProperty("limit").GetInt32());
        alice.Dispose();
    }

    [Fact]
    public async Task A_full_node_refuses_the_next_room()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { Rooms = 1 } });
        using TestClient alice = await server.SignInAsync("alice");
        Assert.True((await alice.RequestAsync("ROOM_CREATE", new { roomId = "r1" })).Ok);
        Assert.Equal("NODE_FULL", (await alice.RequestAsync("ROOM_CREATE", new { roomId = "r2" })).Code);
        Assert.True((await alice.RequestAsync("ROOM_CREATE", new { roomId = "r1" })).Ok);
    }

    [Fact]
    public async Task A_stranger_gets_no_token_for_an_existing_room_and_no_way_in()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        using TestClient mallory = await server.SignInAsync("mallory");
        Reply created = await mallory.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Assert.Equal(["ROOM_CREATED"], created.Types);
        Assert.False(created["ROOM_CREATED"].TryGetProperty("joinToken", out _));
        Assert.Equal("UNAUTHORIZED", (await mallory.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task A_token_for_named_users_lets_nobody_else_in()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        Reply created = await alice.RequestAsync("ROOM_CREATE", new { roomId = "r", allowedUserIds = (string[])[TestClient.UserIdOf("bob")] });
        string token = created["ROOM_CREATED"].GetProperty("joinToken").GetString()!;
        using TestClient bob = await server.SignInAsync("bob");
        using TestClient mallory = await server.SignInAsync("mallory");
        Assert.Equal("UNAUTHORIZED", (await mallory.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Code);
        Assert.True((await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Ok);
        Assert.True((await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Ok);
    }

    public static TheoryData<string> BadTokens => ["", "x", "a.b", "e30.AAAA", "e30.", new string('A', 3000)];

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_token_that_is_not_ours_is_refused_whoever_shows_it(string token)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Assert.Equal("UNAUTHORIZED", (await alice.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Code);
    }

    [Fact]
    public async Task A_token_of_another_room_or_with_a_changed_byte_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r1");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r2" });
        using TestClient bob = await server.SignInAsync("bob");
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("ROOM_JOIN", new { roomId = "r2", joinToken = token })).Code);
        string changed = (token[0] == 'e' ? 'f' : 'e') + token[1..];
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("ROOM_JOIN", new { roomId = "r1", joinToken = changed })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task A_token_runs_out()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with
        {
            Join = options.Join with { LinkLife = TimeSpan.FromSeconds(30) },
            Sessions = options.Sessions with { Silence = TimeSpan.FromDays(1) },
        });
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        server.Time.Advance(TimeSpan.FromSeconds(31));
        using TestClient bob = await server.SignInAsync("bob");
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task A_link_makes_its_room_again_after_everybody_left()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        await alice.RequestAsync("ROOM_LEAVE");
        using TestClient bob = await server.SignInAsync("bob");
        Assert.True((await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Ok);
        Assert.True((await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task First_revision_clients_make_rooms_by_joining_where_that_is_allowed_and_only_there()
    {
        await using TestServer strict = await TestServer.StartAsync();
        using TestClient refused = await strict.SignInAsync("alice");
        Assert.Equal("ROOM_NOT_FOUND", (await refused.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Code);

        await using TestServer server = await TestServer.StartAsync(options => options with { Join = options.Join with { Compatibility = V1Compatibility.AutoCreate } });
        using TestClient alice = await server.JoinAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r");
        using TestClient carol = await server.SignInAsync("carol");
        await carol.RequestAsync("ROOM_CREATE", new { roomId = "private" });
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("ROOM_JOIN", new { roomId = "private" })).Code);
    }

    [Fact]
    public async Task Entering_another_room_leaves_the_one_before()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r1");
        using TestClient bob = await server.JoinAsync("bob", "r1", token);
        await bob.RequestAsync("ROOM_CREATE", new { roomId = "r2" });
        Assert.True((await bob.RequestAsync("ROOM_JOIN", new { roomId = "r2" })).Ok);
        Assert.Equal("LEFT", (await alice.EventAsync("PEER_LEFT")).Payload.GetProperty("reason").GetString());
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("ROOM_STATE_GET", new { roomId = "r1" })).Code);
        Assert.True((await bob.RequestAsync("ROOM_STATE_GET", new { roomId = "r2" })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task ROOM_JOIN_without_a_room_is_invalid()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("ROOM_JOIN", new { })).Code);
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("ROOM_JOIN", new { roomId = 7 })).Code);
    }

    [Fact]
    public async Task The_router_capabilities_can_be_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        JsonElement answer = (await alice.RequestAsync("GET_ROUTER_RTP_CAPABILITIES"))["ROUTER_RTP_CAPABILITIES"];
        Assert.Contains(answer.GetProperty("routerRtpCapabilities").GetProperty("codecs").EnumerateArray(), codec => codec.GetProperty("mimeType").GetString() == "audio/opus");
        alice.Dispose();
    }

    [Fact]
    public async Task Only_the_creator_kicks_and_who_was_kicked_stays_out()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("PEER_KICK", new { deviceId = "alice-device" })).Code);
        Assert.True((await alice.RequestAsync("PEER_KICK", new { deviceId = "bob-device" })).Ok);
        foreach (TestClient client in (TestClient[])[alice, bob])
        {
            JsonElement left = (await client.EventAsync("PEER_LEFT")).Payload;
            Assert.Equal("bob-device", left.GetProperty("deviceId").GetString());
            Assert.Equal("KICKED", left.GetProperty("reason").GetString());
        }

        Assert.Equal("UNAUTHORIZED", (await bob.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        Reply again = await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token });
        Assert.Equal("UNAUTHORIZED", again.Code);
        Assert.Equal("KICKED", again.Details.GetProperty("reason").GetString());
        Assert.True((await alice.RequestAsync("PEER_KICK", new { deviceId = "bob-device" })).Ok);
        Assert.True((await alice.RequestAsync("ROOM_STATE_GET")).Ok);
        alice.Dispose();
    }
}
