using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Input nobody means well with: a clear error or a counted drop, and calls in progress do not notice.</summary>
public class HostileTests
{
    [Fact]
    public async Task Text_that_is_not_JSON_again_and_again_closes_the_socket()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        for (int count = 0; count < 20; count++)
        {
            await client.SendTextAsync("\u0001garbage");
        }

        Assert.Equal((4007, "MALFORMED_FRAMES"), await client.ClosedAsync());
    }

    [Fact]
    public async Task A_binary_message_closes_the_socket()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendRawAsync([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Equal((1003, "BINARY_NOT_SUPPORTED"), await client.ClosedAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_message_above_the_limit_closes_the_socket_however_it_is_cut(int pieces)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        byte[] piece = Encoding.ASCII.GetBytes(new string(' ', (65_537 / pieces) + 1));
        for (int index = 0; index < pieces; index++)
        {
            await client.SendRawAsync(piece, WebSocketMessageType.Text, index == pieces - 1);
        }

        Assert.Equal((1009, "MESSAGE_TOO_BIG"), await client.ClosedAsync());
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_read()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        string frame = """{"v":1,"type":"PING","msgId":"m1","ts":1,"seq":1,"payload":{}}""";
        await client.SendTextAsync(frame + new string(' ', 65_536 - frame.Length));
        Assert.True((await client.ReplyToAsync("m1")).Ok);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_closes_the_socket()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendRawAsync([(byte)'"', 0xC3, 0x28, (byte)'"'], WebSocketMessageType.Text);
        Assert.Equal(1007, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task The_eleventh_socket_of_an_address_is_refused_and_a_place_that_is_left_is_free()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { SocketsPerIp = 10 } });
        List<TestClient> clients = [];
        for (int count = 0; count < 10; count++)
        {
            clients.Add(await server.ConnectAsync());
            Assert.True((await clients[^1].RequestAsync("PING")).Ok);
        }

        using TestClient eleventh = await server.ConnectAsync();
        Assert.Equal((4029, "TOO_MANY_CONNECTIONS"), await eleventh.ClosedAsync());
        await clients[0].CloseAsync();
        using TestClient next = await server.ConnectAsync();
        Assert.True((await next.RequestAsync("PING")).Ok);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Beyond_its_rate_a_type_is_refused_with_a_time_and_far_beyond_it_the_socket_is_closed()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { Rates = TestServer.Unlimited with { E2eeCaps = 2 } } });
        using TestClient client = await server.SignInAsync("alice");
        Assert.True((await client.RequestAsync("E2EE_CAPS")).Ok);
        Assert.True((await client.RequestAsync("E2EE_CAPS")).Ok);
        for (int count = 0; count < 6; count++)
        {
            Reply limited = await client.RequestAsync("E2EE_CAPS");
            Assert.Equal("RATE_LIMITED", limited.Code);
            Assert.True(limited.Retryable);
            Assert.InRange(limited.Details.GetProperty("retryAfterMs").GetInt64(), 1, 60_000);
        }

        await client.SendAsync("E2EE_CAPS");
        Assert.Equal((4029, "RATE_LIMITED"), await client.ClosedAsync());
    }

    [Fact]
    public async Task A_frame_refused_for_its_rate_is_executed_when_it_is_repeated_in_time()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { Rates = TestServer.Unlimited with { RoomCreate = 1 } }, Sessions = options.Sessions with { Silence = TimeSpan.FromHours(1) } });
        using TestClient client = await server.SignInAsync("alice");
        Assert.True((await client.RequestAsync("ROOM_CREATE", new { roomId = "r1" })).Ok);
        string id = await client.SendAsync("ROOM_CREATE", new { roomId = "r2" });
        Assert.Equal("RATE_LIMITED", (await client.ReplyToAsync(id)).Code);
        server.Time.Advance(TimeSpan.FromSeconds(61));
        await client.SendAsync("ROOM_CREATE", new { roomId = "r2" }, id, client.Seq);
        Assert.Contains("ROOM_CREATED", (await client.ReplyToAsync(id)).Types);
    }

    [Fact]
    public async Task A_flood_closes_its_own_socket_and_nobody_elses()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { Rates = TestServer.Unlimited with { Global = 60 } } });
        using TestClient victim = await server.SignInAsync("alice");
        using TestClient flooder = await server.ConnectAsync();
        for (int count = 0; count < 241; count++)
        {
            await flooder.SendAsync("PING");
        }

        Assert.Equal((4029, "RATE_LIMITED"), await flooder.ClosedAsync());
        Assert.Equal(60, flooder.Received.Count(frame => frame.Root.GetProperty("ack").GetProperty("ok").GetBoolean()));
        Assert.True((await victim.RequestAsync("PING")).Ok);
    }

    [Fact]
    public async Task Key_messages_are_limited_per_device_across_its_sockets()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { Rates = TestServer.Unlimited with { RekeyBegin = 2 } } });
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        await alice.RequestAsync("REKEY_BEGIN", new { epoch = 9 });
        await alice.RequestAsync("REKEY_BEGIN", new { epoch = 9 });
        alice.Cut();
        using TestClient back = await server.ConnectAsync();
        await back.HelloAsync("alice-device", alice.ResumeToken);
        Assert.Equal("RATE_LIMITED", (await back.RequestAsync("REKEY_BEGIN", new { epoch = 1 })).Code);
        alice.Dispose();
    }

    public static TheoryData<string> WrongPayloads =>
    [
        """{"roomId":{"a":1}}""", """{"roomId":""}""", """{"transportId":[]}""", """{"kind":"smell","transportId":"t"}""",
        """{"producerId":null}""", """{"rtpParameters":7,"transportId":"t","kind":"audio"}""",
        """{"transportId":"t","kind":"audio","rtpParameters":{"codecs":[{"mimeType":7}]}}""",
        """{"dtlsParameters":{"fingerprints":[null]},"transportId":"t"}""", """{"epoch":1e400}""", """{"epoch":9007199254740993}""", """{"deadlineMs":1,"epoch":1}""",
    ];

    [Theory]
    [MemberData(nameof(WrongPayloads))]
    public async Task Wrong_types_are_refused_everywhere_and_never_break_the_connection(string payload)
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        foreach (string type in (string[])["HELLO", "AUTH", .. EnvelopeTests.RequestTypes])
        {
            if (type is "ROOM_LEAVE" or "REKEY_COMMIT" or "ROOM_CREATE")
            {
                continue;
            }

            Reply reply = await alice.RequestAsync(type, JsonElement.Parse(payload));
            Assert.True(reply.Ok || reply.Code != "INTERNAL_ERROR", type + " " + reply);
        }

        Assert.True((await alice.RequestAsync("ROOM_STATE_GET")).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task A_slow_reader_is_closed_and_blocks_nobody()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { OutboundFrames = 16, OutboundBytes = 65_536 } });
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        TestClient slow = await server.JoinAsync("slow", "r", token);
        string big = new('A', 30_000);
        Frame? away = null;
        for (int count = 0; count < 2_000 && away is null; count++)
        {
            Reply reply = await alice.RequestAsync("KEY_PACKAGE", new { epoch = 0, blob = big });
            Assert.True(reply.Ok);
            away = alice.Received.LastOrDefault(frame => frame.Type == "PEER_STATE");
        }

        Assert.Equal("rejoining", (away ?? await alice.EventAsync("PEER_STATE")).Payload.GetProperty("state").GetString());
        alice.Dispose();
        slow.Dispose();
    }

    [Fact]
    public async Task Where_TLS_is_required_a_plain_socket_is_closed_and_one_behind_a_trusted_proxy_is_not()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Limits = options.Limits with { RequireSecureWebSocket = true } });
        using TestClient plain = await server.ConnectAsync();
        Assert.Equal((4003, "SECURE_TRANSPORT_REQUIRED"), await plain.ClosedAsync());
        using TestClient proxied = await TestClient.ConnectAsync(server.WebSocket, ("X-Forwarded-Proto", "https"));
        Assert.True((await proxied.RequestAsync("PING")).Ok);

        await using TestServer untrusting = await TestServer.StartAsync(options => options with { Limits = options.Limits with { RequireSecureWebSocket = true, TrustedProxies = [] } });
        using TestClient forged = await TestClient.ConnectAsync(untrusting.WebSocket, ("X-Forwarded-Proto", "https"));
        Assert.Equal((4003, "SECURE_TRANSPORT_REQUIRED"), await forged.ClosedAsync());
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_sockets_and_takes_no_more()
    {
        TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Task stopping = server.DisposeAsync().AsTask();
        Assert.Equal((1001, "SERVER_SHUTDOWN"), await alice.ClosedAsync());
        await stopping;
        alice.Dispose();
    }

    [Fact]
    public async Task A_room_that_fails_to_end_keeps_nothing_else_from_ending()
    {
        List<string> closed = [];
        ScriptedMediaPlane media = new()
        {
            OnCloseRoom = room =>
            {
                lock (closed)
                {
                    closed.Add(room);
                }

                throw new InvalidOperationException("the worker has lost its mind");
            },
        };
        TestServer server = await TestServer.StartAsync(media: media);
        (TestClient alice, _) = await server.CreateAsync("alice", "r1");
        (TestClient bob, _) = await server.CreateAsync("bob", "r2");
        await server.DisposeAsync();
        Assert.Equal(["r1", "r2"], closed.Order(StringComparer.Ordinal));
        alice.Dispose();
        bob.Dispose();
    }
}
