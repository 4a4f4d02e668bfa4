using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Contract §1.4.1 and the rekey messages: fail closed, only forward.</summary>
public class E2eeTests
{
    public static TheoryData<string, string> MediaVerbs => new()
    {
        { "TRANSPORT_CREATE", """{"direction":"send"}""" },
        { "TRANSPORT_CONNECT", """{"transportId":"t","dtlsParameters":{}}""" },
        { "PRODUCE", """{"transportId":"t","kind":"audio","rtpParameters":{}}""" },
        { "CONSUME", """{"producerId":"p","rtpCapabilities":{}}""" },
    };

    [Theory]
    [MemberData(nameof(MediaVerbs))]
    public async Task A_media_verb_before_readiness_is_refused_and_names_the_epoch(string type, string payload)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" });
        Reply reply = await alice.RequestAsync(type, JsonElement.Parse(payload));
        Assert.Equal("E2EE_NOT_READY", reply.Code);
        Assert.True(reply.Retryable);
        Assert.Equal(0, reply.Details.GetProperty("expectedEpoch").GetInt64());
    }

    [Theory]
    [MemberData(nameof(MediaVerbs))]
    public async Task Membership_is_judged_before_readiness_and_readiness_before_arguments(string type, string payload)
    {
        _ = payload;
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        Assert.Equal("UNAUTHORIZED", (await alice.RequestAsync(type, new { nonsense = true })).Code);
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" });
        Assert.Equal("UNAUTHORIZED", (await alice.RequestAsync(type, new { roomId = "elsewhere" })).Code);
        Assert.Equal("E2EE_NOT_READY", (await alice.RequestAsync(type, new { transportId = 7, kind = "smell", producerId = 7 })).Code);
    }

    [Fact]
    public async Task E2EE_READY_must_name_the_current_epoch_as_a_number_or_a_numeric_string()
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Assert.Equal("UNAUTHORIZED", (await alice.RequestAsync("E2EE_READY", new { epoch = 0 })).Code);
        await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" });
        Reply wrong = await alice.RequestAsync("E2EE_READY", new { epoch = 1 });
        Assert.Equal("E2EE_EPOCH_MISMATCH", wrong.Code);
        Assert.True(wrong.Retryable);
        Assert.Equal(0, wrong.Details.GetProperty("expectedEpoch").GetInt64());
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("E2EE_READY", new { epoch = -1 })).Code);
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("E2EE_READY", new { epoch = "now" })).Code);
        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("E2EE_READY", new { })).Code);
        Assert.True((await alice.RequestAsync("E2EE_READY", new { epoch = "0" })).Ok);
        Assert.True((await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
    }

    [Fact]
    public async Task REKEY_COMMIT_moves_the_epoch_clears_everybody_and_leaves_what_is_established()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        string transport = (await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;
        string producer = (await alice.RequestAsync("PRODUCE", new { transportId = transport, kind = "video", rtpParameters = new { } }))["PRODUCED"].GetProperty("producerId").GetString()!;
        Assert.True((await alice.RequestAsync("REKEY_BEGIN", new { epoch = 1 })).Ok);
        Assert.Equal(1, (await bob.EventAsync("REKEY_BEGIN")).Payload.GetProperty("epoch").GetInt64());
        Assert.True((await alice.RequestAsync("REKEY_COMMIT", new { epoch = 1 })).Ok);
        JsonElement committed = (await bob.EventAsync("REKEY_COMMIT")).Payload;
        Assert.Equal(1, committed.GetProperty("epoch").GetInt64());
        Assert.Equal("alice-device", committed.GetProperty("fromDeviceId").GetString());
        foreach (TestClient client in (TestClient[])[alice, bob])
        {
            Reply refused = await client.RequestAsync("TRANSPORT_CREATE", new { direction = "recv" });
            Assert.Equal("E2EE_NOT_READY", refused.Code);
            Assert.Equal(1, refused.Details.GetProperty("expectedEpoch").GetInt64());
            Assert.True((await client.RequestAsync("E2EE_READY", new { epoch = 1 })).Ok);
            Assert.True((await client.RequestAsync("TRANSPORT_CREATE", new { direction = "recv" })).Ok);
        }

        JsonElement state = (await bob.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"];
        Assert.Equal(producer, state.GetProperty("producers")[0].GetProperty("producerId").GetString());
        Assert.Equal(1, state.GetProperty("epoch").GetInt64());
        alice.Dispose();
    }

    [Theory]
    [InlineData("REKEY_BEGIN", 0)]
    [InlineData("REKEY_BEGIN", 2)]
    [InlineData("REKEY_BEGIN", 3)]
    [InlineData("REKEY_COMMIT", 0)]
    [InlineData("REKEY_COMMIT", 1)]
    [InlineData("REKEY_COMMIT", 4)]
    public async Task A_rekey_goes_to_the_next_epoch_and_to_no_other(string type, long epoch)
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        await alice.RequestAsync("REKEY_COMMIT", new { epoch = 1 });
        await alice.RequestAsync("REKEY_COMMIT", new { epoch = 2 });
        Reply reply = await alice.RequestAsync(type, new { epoch = epoch == 3 && type == "REKEY_BEGIN" ? 5 : epoch });
        Assert.Contains(reply.Code, (string[])["E2EE_EPOCH_MISMATCH", "VALIDATION_FAILED"]);
        if (epoch > 0)
        {
            Assert.Equal(3, reply.Details.GetProperty("expectedEpoch").GetInt64());
        }

        Assert.Equal(2, (await alice.RequestAsync("ROOM_STATE_GET"))["ROOM_STATE"].GetProperty("epoch").GetInt64());
        alice.Dispose();
    }

    [Fact]
    public async Task Both_spellings_of_the_next_epoch_are_read()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Assert.True((await alice.RequestAsync("REKEY_BEGIN", new { newEpoch = 1 })).Ok);
        Assert.Equal(1, (await alice.EventAsync("REKEY_BEGIN")).Payload.GetProperty("epoch").GetInt64());
        Assert.True((await alice.RequestAsync("REKEY_COMMIT", new { epoch = "1" })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task Only_one_rekey_is_under_way_and_only_who_began_it_commits_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        Assert.True((await alice.RequestAsync("REKEY_BEGIN", new { epoch = 1 })).Ok);
        foreach (string type in (string[])["REKEY_BEGIN", "REKEY_COMMIT"])
        {
            Reply reply = await bob.RequestAsync(type, new { epoch = 1 });
            Assert.Equal("E2EE_EPOCH_MISMATCH", reply.Code);
            Assert.Equal("REKEY_IN_PROGRESS", reply.Details.GetProperty("reason").GetString());
        }

        Assert.True((await alice.RequestAsync("REKEY_COMMIT", new { epoch = 1 })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task A_rekey_that_is_not_committed_in_time_is_given_up()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        await alice.RequestAsync("REKEY_BEGIN", new { epoch = 1, deadlineMs = 2000 });
        server.Time.Advance(TimeSpan.FromMilliseconds(2001));
        JsonElement abort = (await alice.EventAsync("REKEY_ABORT")).Payload;
        Assert.Equal(1, abort.GetProperty("attemptedEpoch").GetInt64());
        Assert.Equal("TIMEOUT", abort.GetProperty("reason").GetString());
        Assert.True((await alice.RequestAsync("REKEY_BEGIN", new { epoch = 1 })).Ok);
        alice.Dispose();
    }

    [Fact]
    public async Task A_rekey_whose_device_leaves_is_given_up_and_another_is_due()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        TestClient bob = await server.JoinAsync("bob", "r", token);
        using TestClient carol = await server.JoinAsync("carol", "r", token);
        await bob.RequestAsync("REKEY_BEGIN", new { epoch = 1 });
        await bob.RequestAsync("ROOM_LEAVE");
        Assert.Equal("LEADER_LOST", (await carol.EventAsync("REKEY_ABORT")).Payload.GetProperty("reason").GetString());
        JsonElement due = (await carol.EventAsync("REKEY_REQUIRED")).Payload;
        Assert.Equal("alice-device", due.GetProperty("leaderDeviceId").GetString());
        alice.Dispose();
        bob.Dispose();
    }

    [Fact]
    public async Task A_join_makes_a_rekey_due_and_names_the_leader()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        foreach (TestClient client in (TestClient[])[alice, bob])
        {
            JsonElement due = (await client.EventAsync("REKEY_REQUIRED")).Payload;
            Assert.Equal("member_join", due.GetProperty("reason").GetString());
            Assert.Equal(1, due.GetProperty("epoch").GetInt64());
            Assert.Equal("alice-device", due.GetProperty("leaderDeviceId").GetString());
        }

        alice.Dispose();
    }

    [Fact]
    public async Task Without_required_encryption_everybody_is_ready_at_once()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { E2ee = options.E2ee with { Required = false } });
        using TestClient alice = await server.SignInAsync("alice");
        await alice.RequestAsync("ROOM_CREATE", new { roomId = "r" });
        Reply joined = await alice.RequestAsync("ROOM_JOIN", new { roomId = "r" });
        Assert.True(joined["ROOM_SNAPSHOT"].GetProperty("peers")[0].GetProperty("e2eeReady").GetBoolean());
        Assert.True((await alice.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
    }

    [Fact]
    public async Task A_key_package_goes_to_its_target_and_to_nobody_else()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        using TestClient carol = await server.JoinAsync("carol", "r", token);
        string key = Convert.ToBase64String(new byte[32]);
        Assert.True((await alice.RequestAsync("KEY_PACKAGE", new { epoch = 0, targetDeviceId = "bob-device", ciphertext = key, sig = key, senderPublicKey = key, extra = "kept", fromDeviceId = "forged" })).Ok);
        Frame frame = await bob.EventAsync("KEY_PACKAGE");
        Assert.Null(frame.Seq);
        Assert.Equal("alice-device", frame.Payload.GetProperty("fromDeviceId").GetString());
        Assert.Equal("kept", frame.Payload.GetProperty("extra").GetString());
        Assert.True(await carol.HasNoAsync("KEY_PACKAGE"));
        Assert.True((await bob.RequestAsync("KEY_ACK", new { epoch = 0, fromDeviceId = "bob-device", toDeviceId = "alice-device" })).Ok);
        Assert.Equal("bob-device", (await alice.EventAsync("KEY_ACK")).Payload.GetProperty("fromDeviceId").GetString());
        alice.Dispose();
    }

    [Theory]
    [InlineData("""{"epoch":0,"targetDeviceId":"bob-device"}""", "KEY_PACKAGE_INVALID")]
    [InlineData("""{"epoch":"x","targetDeviceId":"bob-device","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAA","sig":"AAAAAAAAAAAAAAAAAAAAAAAA","senderPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAA"}""", "KEY_PACKAGE_INVALID")]
    [InlineData("""{"targetDeviceId":"bob-device","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAA","sig":"AAAAAAAAAAAAAAAAAAAAAAAA","senderPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAA"}""", "KEY_PACKAGE_INVALID")]
    [InlineData("""{"epoch":0,"targetDeviceId":"bob-device","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAA","sig":"short","senderPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAA"}""", "KEY_PACKAGE_INVALID")]
    [InlineData("""{"epoch":0,"targetDeviceId":"bob-device","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAA","sig":"!!!!!!!!!!!!!!!!!!!!!!!!","senderPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAA"}""", "KEY_PACKAGE_INVALID")]
    [InlineData("""{"epoch":0,"targetDeviceId":"nobody","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAA","sig":"AAAAAAAAAAAAAAAAAAAAAAAA","senderPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAA"}""", "KEY_PACKAGE_TARGET_NOT_FOUND")]
    public async Task A_key_package_that_cannot_be_delivered_is_refused(string payload, string code)
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        Reply reply = await alice.RequestAsync("KEY_PACKAGE", JsonElement.Parse(payload));
        Assert.Equal(code, reply.Code);
        Assert.False(reply.Retryable);
        alice.Dispose();
    }

    [Fact]
    public async Task A_key_package_for_a_device_that_is_away_may_be_sent_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        TestClient bob = await server.JoinAsync("bob", "r", token);
        bob.Cut();
        await alice.EventAsync("PEER_STATE");
        string key = Convert.ToBase64String(new byte[32]);
        Reply reply = await alice.RequestAsync("KEY_PACKAGE", new { epoch = 0, targetDeviceId = "bob-device", ciphertext = key, sig = key, senderPublicKey = key });
        Assert.Equal("KEY_PACKAGE_TARGET_OFFLINE", reply.Code);
        Assert.True(reply.Retryable);
        alice.Dispose();
        bob.Dispose();
    }

    [Fact]
    public async Task A_KEY_ACK_names_its_sender_and_an_epoch()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Assert.Equal("KEY_ACK_INVALID", (await alice.RequestAsync("KEY_ACK", new { fromDeviceId = "alice-device" })).Code);
        Assert.Equal("KEY_ACK_INVALID", (await alice.RequestAsync("KEY_ACK", new { epoch = 0, fromDeviceId = "bob-device" })).Code);
        Assert.Equal("KEY_ACK_INVALID", (await alice.RequestAsync("KEY_ACK", new { epoch = "x" })).Code);
        alice.Dispose();
    }

    [Fact]
    public async Task Members_only_may_rekey_and_send_keys()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        using TestClient mallory = await server.SignInAsync("mallory");
        foreach (string type in (string[])["REKEY_BEGIN", "REKEY_COMMIT", "KEY_PACKAGE", "KEY_ACK"])
        {
            Assert.Equal("UNAUTHORIZED", (await mallory.RequestAsync(type, new { roomId = "r", epoch = 1 })).Code);
        }

        Assert.Equal("VALIDATION_FAILED", (await alice.RequestAsync("REKEY_BEGIN", new { })).Code);
        alice.Dispose();
    }
}
