using System.Text;
using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Contract §1.2 and §1.3: the envelope and the order in which a frame is judged.</summary>
public class EnvelopeTests
{
    [Fact]
    public async Task Text_that_is_not_JSON_is_dropped_silently_and_the_connection_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendTextAsync("hello there");
        await client.SendTextAsync("{\"v\":1,");
        Reply reply = await client.RequestAsync("PING");
        Assert.True(reply.Ok);
        Assert.Single(client.Received);
    }

    [Theory]
    [InlineData("""{"v":2,"type":"PING","msgId":"m1","ts":1,"seq":1,"payload":{}}""", "m1")]
    [InlineData("""{"type":"PING","msgId":"m1","ts":1,"seq":1,"payload":{}}""", "m1")]
    [InlineData("""{"v":1,"type":7,"msgId":"m1","ts":1,"seq":1,"payload":{}}""", "m1")]
    [InlineData("""{"v":1,"type":"PING","msgId":"m1","ts":"now","seq":1,"payload":{}}""", "m1")]
    [InlineData("""{"v":1,"type":"PING","msgId":"m1","ts":1,"seq":1,"payload":[]}""", "m1")]
    [InlineData("""{"v":1,"type":"PING","ts":1,"seq":1,"payload":{}}""", null)]
    [InlineData("""{"v":1,"type":"PING","msgId":9,"ts":1,"seq":1,"payload":{}}""", null)]
    [InlineData("""["PING"]""", null)]
    [InlineData("17", null)]
    public async Task A_wrong_envelope_is_refused_under_its_own_or_a_fresh_id(string text, string? msgId)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendTextAsync(text);
        await client.RequestAsync("PING");
        JsonElement ack = client.Received[0].Root.GetProperty("ack");
        Assert.Equal("VALIDATION_FAILED", ack.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("Invalid envelope", ack.GetProperty("error").GetProperty("message").GetString());
        string of = ack.GetProperty("ackOfMsgId").GetString()!;
        Assert.True(msgId is null ? Guid.TryParse(of, out _) : of == msgId);
    }

    [Fact]
    public async Task A_frame_that_carries_an_ack_is_ignored()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendTextAsync("""{"v":1,"type":"ACK","msgId":"a","ts":1,"ack":{"ackOfMsgId":"b","ok":true},"payload":{}}""");
        await client.RequestAsync("PING");
        Assert.Single(client.Received);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"seq\":0,")]
    [InlineData("\"seq\":-1,")]
    [InlineData("\"seq\":1.5,")]
    [InlineData("\"seq\":\"1\",")]
    [InlineData("\"seq\":null,")]
    public async Task A_seq_that_is_no_whole_number_from_one_is_refused(string seq)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.SendTextAsync("{\"v\":1,\"type\":\"PING\",\"msgId\":\"m1\",\"ts\":1," + seq + "\"payload\":{}}");
        Reply reply = await client.ReplyToAsync("m1");
        Assert.Equal("VALIDATION_FAILED", reply.Code);
        Assert.False(reply.Retryable);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(1)]
    public async Task A_new_frame_whose_seq_is_not_higher_is_a_replay(long seq)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.ReplyToAsync(await client.SendAsync("PING", seq: 5));
        Reply reply = await client.ReplyToAsync(await client.SendAsync("PING", seq: seq));
        Assert.Equal("REPLAY_DETECTED", reply.Code);
        Assert.False(reply.Retryable);
    }

    [Fact]
    public async Task Gaps_in_seq_are_allowed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        Assert.True((await client.ReplyToAsync(await client.SendAsync("PING", seq: 5))).Ok);
        Assert.True((await client.ReplyToAsync(await client.SendAsync("PING", seq: 500_000))).Ok);
    }

    [Fact]
    public async Task A_repeated_frame_is_acknowledged_again_and_has_no_second_effect()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.SignInAsync("alice");
        string id = await client.SendAsync("ROOM_CREATE", new { });
        Reply first = await client.ReplyToAsync(id);
        Assert.Contains("ROOM_CREATED", first.Types);
        await client.SendAsync("ROOM_CREATE", new { }, id, client.Seq);
        Reply second = await client.ReplyToAsync(id);
        Assert.True(second.Ok);
        Assert.Empty(second.Events);
        JsonElement metrics = JsonElement.Parse(await server.Client.GetStringAsync("/metrics"));
        Assert.Equal(1, metrics.GetProperty("rooms").GetInt32());
    }

    [Fact]
    public async Task A_repeated_frame_that_was_refused_gets_the_same_refusal()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.SignInAsync("alice");
        string id = await client.SendAsync("ROOM_JOIN", new { roomId = "nowhere" });
        Reply first = await client.ReplyToAsync(id);
        await client.SendAsync("ROOM_JOIN", new { roomId = "nowhere" }, id, client.Seq);
        Reply second = await client.ReplyToAsync(id);
        Assert.Equal("ROOM_NOT_FOUND", first.Code);
        Assert.Equal("ROOM_NOT_FOUND", second.Code);
    }

    [Fact]
    public async Task The_id_of_a_frame_refused_for_its_seq_is_not_taken_for_done_later()
    {
        // The gateway's defect: the id was recorded before the seq check, so the retry was acknowledged and never executed.
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.SignInAsync("alice");
        string id = await client.SendAsync("ROOM_CREATE", new { roomId = "later" }, seq: 1);
        Assert.Equal("REPLAY_DETECTED", (await client.ReplyToAsync(id)).Code);
        await client.SendAsync("ROOM_CREATE", new { roomId = "later" }, id, seq: ++client.Seq);
        Reply retried = await client.ReplyToAsync(id);
        Assert.True(retried.Ok);
        Assert.Contains("ROOM_CREATED", retried.Types);
    }

    [Fact]
    public async Task An_unknown_type_is_refused_by_name()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.SignInAsync("alice");
        Reply reply = await client.RequestAsync("MAKE_COFFEE");
        Assert.Equal("VALIDATION_FAILED", reply.Code);
        Assert.Equal("Unsupported type: MAKE_COFFEE", reply.Ack.GetProperty("error").GetProperty("message").GetString());
    }

    public static TheoryData<string> TypesBehindAuth => [.. RequestTypes];

    internal static readonly string[] RequestTypes =
    [
        "E2EE_CAPS", "ROOM_CREATE", "ROOM_JOIN", "ROOM_LEAVE", "ROOM_STATE_GET", "GET_ROUTER_RTP_CAPABILITIES", "E2EE_READY",
        "TRANSPORT_CREATE", "TRANSPORT_CONNECT", "TRANSPORT_STATS_GET", "ICE_RESTART", "PRODUCE", "PRODUCER_PAUSE", "PRODUCER_RESUME",
        "PRODUCER_CLOSE", "CONSUME", "CONSUMER_PAUSE", "CONSUMER_RESUME", "CONSUMER_CLOSE", "REKEY_BEGIN", "REKEY_COMMIT", "KEY_PACKAGE", "KEY_ACK",
        "REKEY_REQUEST", "E2EE_SYNC", "E2EE_FAULT", "PEER_KICK",
    ];

    [Theory]
    [MemberData(nameof(TypesBehindAuth))]
    public async Task Everything_but_HELLO_AUTH_and_PING_needs_AUTH_first(string type)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        await client.HelloAsync("device-1");
        Reply reply = await client.RequestAsync(type, new { roomId = "r" });
        Assert.Equal("UNAUTHENTICATED", reply.Code);
        Assert.True(reply.Retryable);
    }

    [Fact]
    public async Task The_ACK_is_the_last_frame_of_a_request_and_answers_come_in_their_order()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.SignInAsync("alice");
        Assert.Equal(["ROOM_CREATED", "ROOM_JOIN_SECRET"], (await client.RequestAsync("ROOM_CREATE", new { roomId = "r" })).Types);
        Assert.Equal(["ROOM_JOIN_OK", "E2EE_POLICY", "ROOM_SNAPSHOT"], (await client.RequestAsync("ROOM_JOIN", new { roomId = "r" })).Types);
    }

    [Fact]
    public async Task Answers_are_numbered_from_one_without_gaps_and_ACKs_and_broadcasts_carry_no_seq()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        await alice.EventAsync("PEER_JOINED");
        await alice.RequestAsync("ROOM_STATE_GET");
        foreach (TestClient client in (TestClient[])[alice, bob])
        {
            long[] numbers = [.. client.Received.Where(frame => frame.Seq is not null).Select(frame => frame.Seq!.Value)];
            Assert.Equal([.. Enumerable.Range(1, numbers.Length).Select(number => (long)number)], numbers);
            string[] unnumbered = [.. client.Received.Where(frame => frame.Seq is null).Select(frame => frame.Type).Distinct()];
            Assert.Empty(unnumbered.Except(["ACK", "PEER_JOINED", "REKEY_REQUIRED"]));
        }

        alice.Dispose();
    }

    [Fact]
    public async Task A_message_in_many_fragments_is_one_message()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient client = await server.ConnectAsync();
        byte[] text = Encoding.UTF8.GetBytes("""{"v":1,"type":"PING","msgId":"m1","ts":1,"seq":1,"payload":{"é":"ü"}}""");
        for (int index = 0; index < text.Length; index++)
        {
            await client.SendRawAsync([text[index]], System.Net.WebSockets.WebSocketMessageType.Text, index == text.Length - 1);
        }

        Assert.True((await client.ReplyToAsync("m1")).Ok);
    }

    [Fact]
    public async Task A_broken_invariant_is_an_INTERNAL_ERROR_and_the_connection_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync(media: new ScriptedMediaPlane { OnCreateTransport = () => throw new InvalidDataException("boom") });
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Reply reply = await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" });
        Assert.Equal("INTERNAL_ERROR", reply.Code);
        Assert.True(reply.Retryable);
        Assert.DoesNotContain("boom", reply.ToString(), StringComparison.Ordinal);
        Assert.True((await alice.RequestAsync("PING")).Ok);
        alice.Dispose();
    }
}
