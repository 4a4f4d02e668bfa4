using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Calls.Options;
using static Crosspoint.Calls.Conformance.Tests.Support.MlsRoom;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Profile mls-sframe-v1 over real sockets: the server orders commits, opens the gate by proof, and never falls back to less.</summary>
public class E2eeDeliveryTests
{
    private const string Room = MlsRoom.Id;

    [Fact]
    public async Task A_room_is_created_joined_and_activated_and_the_gate_opens_by_proof()
    {
        await using TestServer server = await TestServer.StartAsync();
        using MlsDevice alice = await SignInAsync(server, "alice");
        string token = await CreateAsync(alice);
        JsonElement created = await alice.EnterAsync(Room, null, Seats());
        Assert.Equal("create", created.GetProperty("reason").GetString());
        Assert.Equal(1, alice.Epoch);
        Assert.True((await alice.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);

        using MlsDevice bob = await SignInAsync(server, "bob");
        Reply joined = await bob.Client.RequestAsync("ROOM_JOIN", new { roomId = Room, joinToken = token });
        JsonElement policy = joined["E2EE_POLICY"];
        Assert.Equal("mls-sframe-v1", policy.GetProperty("profile").GetString());
        Assert.Equal("join", policy.GetProperty("mls").GetProperty("role").GetString());
        Assert.Equal(8, policy.GetProperty("mls").GetProperty("kid").GetProperty("E").GetInt32());
        Assert.Equal("E2EE_NOT_READY", (await bob.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        bob.Take(policy);
        JsonElement lease = await bob.LeaseAsync();
        Assert.True(lease.GetProperty("mls").TryGetProperty("groupInfo", out _));
        await bob.CommitAsync(lease, Seats(alice));

        JsonElement commit = (await alice.Client.EventAsync("REKEY_COMMIT")).Payload;
        while (commit.GetProperty("epoch").GetInt64() != 2)
        {
            commit = (await alice.Client.EventAsync("REKEY_COMMIT")).Payload;
        }

        Assert.Equal("bob-device", commit.GetProperty("mls").GetProperty("joined").GetProperty("dev").GetString());
        Assert.Equal(1, commit.GetProperty("mls").GetProperty("leaf").GetInt32());
        Assert.Equal("E2EE_NOT_READY", (await alice.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        alice.Epoch = 2;
        Assert.Equal("VALIDATION_FAILED", (await alice.Client.RequestAsync("E2EE_READY", new { epoch = 2 })).Code);
        Reply forked = await alice.Client.RequestAsync("E2EE_READY", new { epoch = 1, mls = new { tag = MlsDevice.Text(MlsDevice.Tag(1)) } });
        Assert.Equal("E2EE_EPOCH_MISMATCH", forked.Code);
        Assert.True((await alice.ReadyAsync()).Ok);
        JsonElement active = (await bob.Client.EventAsync("REKEY_ACTIVE")).Payload;
        Assert.Equal(2, active.GetProperty("ready").GetInt32());
        Assert.False(active.GetProperty("forced").GetBoolean());
        Assert.True((await bob.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
    }

    [Fact]
    public async Task Who_cannot_have_the_rooms_keys_is_refused_and_nothing_falls_back()
    {
        await using TestServer server = await TestServer.StartAsync();
        using MlsDevice alice = await SignInAsync(server, "alice");
        string token = await CreateAsync(alice);
        using TestClient plain = await server.SignInAsync("bob");
        Reply refused = await plain.RequestAsync("ROOM_JOIN", new { roomId = Room, joinToken = token });
        Assert.Equal("UNSUPPORTED_E2EE", refused.Code);
        Assert.Equal("PROFILE", refused.Details.GetProperty("reason").GetString());
        await plain.RequestAsync("E2EE_CAPS", new
        {
            insertableStreams = true, profiles = new[] { "mls-sframe-v1" }, suites = new[] { 2 }, sframeSuites = new[] { 4 }, wire = 1,
            device = new { dev = "bob-device", key = "AAAAAAAAAAAAAAAAAAAAAAAA", identity = "AAAA" },
        });
        refused = await plain.RequestAsync("ROOM_JOIN", new { roomId = Room, joinToken = token });
        Assert.Equal("SUITE", refused.Details.GetProperty("reason").GetString());
        Assert.Equal("VALIDATION_FAILED", (await plain.RequestAsync("E2EE_CAPS", new { profiles = new[] { "mls-sframe-v1" }, device = new { dev = "bob-device", key = "********************************", identity = "AAAA" } })).Code);
    }

    [Fact]
    public async Task A_server_of_the_profile_makes_no_room_of_a_lesser_one()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { E2ee = options.E2ee with { Profile = "mls-sframe-v1" } });
        using TestClient alice = await server.SignInAsync("alice");
        Reply refused = await alice.RequestAsync("ROOM_CREATE", new { roomId = Room, e2eeProfile = "epoch-v1" });
        Assert.Equal("UNSUPPORTED_E2EE", refused.Code);
        Assert.True((await alice.RequestAsync("ROOM_CREATE", new { roomId = Room })).Ok);
        Assert.Equal("UNSUPPORTED_E2EE", (await alice.RequestAsync("ROOM_JOIN", new { roomId = Room })).Code);
    }

    [Fact]
    public async Task A_kick_cuts_media_at_once_and_is_announced_to_the_committer()
    {
        ScriptedMediaPlane media = new();
        await using TestServer server = await TestServer.StartAsync(media: media);
        (MlsDevice alice, MlsDevice bob) = await PairAsync(server);
        await bob.Client.EventAsync("REKEY_ACTIVE");
        string transport = (await bob.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" }))["TRANSPORT_CREATED"].GetProperty("transportId").GetString()!;

        Assert.True((await alice.Client.RequestAsync("PEER_KICK", new { deviceId = bob.Device })).Ok);
        JsonElement lease = await alice.LeaseAsync();
        Assert.Equal("kick", lease.GetProperty("reason").GetString());
        JsonElement removed = Assert.Single(lease.GetProperty("mls").GetProperty("removes").EnumerateArray());
        Assert.Equal((bob.Device, 1), (removed.GetProperty("dev").GetString(), removed.GetProperty("leaf").GetInt32()));
        Assert.DoesNotContain($"forward {transport}", media.Room!.Orders);
        await alice.CommitAsync(lease, Seats(alice, bob));
        Assert.Contains("epochs 0-2", media.Room.Orders);
        server.Time.Advance(TimeSpan.FromMilliseconds(2100));
        Assert.True((await alice.Client.RequestAsync("PING")).Ok);
        Assert.True((await alice.Client.RequestAsync("ROOM_STATE_GET")).Ok);
        Assert.Equal("epochs 2-2", media.Room.Orders[^1]);
        Assert.True(await bob.Client.HasNoAsync("REKEY_COMMIT") || bob.Client.Received.All(frame => frame.Type != "REKEY_COMMIT" || frame.Payload.GetProperty("epoch").GetInt64() < 3));
    }

    [Fact]
    public async Task Who_missed_epochs_gets_their_commits_and_who_missed_too_many_comes_in_anew()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice alice, MlsDevice bob) = await PairAsync(server);
        Assert.True((await alice.Client.RequestAsync("E2EE_SYNC", new { generation = alice.Generation, epoch = 1 })).Ok);
        JsonElement log = (await alice.Client.EventAsync("KEY_LOG")).Payload;
        Assert.Equal(2, Assert.Single(log.GetProperty("items").EnumerateArray()).GetProperty("epoch").GetInt64());
        Assert.True((await alice.Client.RequestAsync("E2EE_SYNC", new { generation = alice.Generation, epoch = 0 })).Ok);
        JsonElement lease = await alice.LeaseAsync();
        Assert.Equal("resync", lease.GetProperty("reason").GetString());
        await alice.CommitAsync(lease, Seats(alice, bob));
        Assert.Equal(3, alice.Epoch);
    }

    [Fact]
    public async Task A_restarted_node_goes_on_upward_and_its_members_resume()
    {
        string folder = Path.Combine(Path.GetTempPath(), "epochs-" + Guid.NewGuid().ToString("n"));
        CallsOptions Keep(CallsOptions options) => options with
        {
            E2ee = options.E2ee with { StateFolder = folder },
            Join = options.Join with { TokenSecret = new("a secret of at least thirty-two bytes") },
        };
        try
        {
            string record;
            await using (TestServer server = await TestServer.StartAsync(Keep))
            {
                using MlsDevice first = await SignInAsync(server, "alice");
                await CreateAsync(first);
                await first.EnterAsync(Room, null, Seats());
                record = Assert.Single(Directory.GetFiles(folder));
                File.Copy(record, record + ".kept");
            }

            // As a crash leaves it: the room did not end, it stopped.
            File.Move(record + ".kept", record, overwrite: true);
            await using TestServer again = await TestServer.StartAsync(Keep);
            using MlsDevice alice = await SignInAsync(again, "alice");
            Assert.True((await alice.CapsAsync(new { generation = 1, epoch = 1 })).Ok);
            await CreateAsync(alice);
            Reply joined = await alice.Client.RequestAsync("ROOM_JOIN", new { roomId = Room });
            Assert.Equal(1, joined["E2EE_POLICY"].GetProperty("epoch").GetInt64());
            Assert.Equal("resume", joined["E2EE_POLICY"].GetProperty("mls").GetProperty("role").GetString());
            alice.Epoch = 1;
            Assert.True((await alice.ReadyAsync()).Ok);
            Assert.True((await alice.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Only_a_commit_may_be_as_large_as_a_tree()
    {
        await using TestServer server = await TestServer.StartAsync();
        using MlsDevice alice = await SignInAsync(server, "alice");
        await CreateAsync(alice);
        await alice.EnterAsync(Room, null, Seats());
        string large = new('A', 200_000);
        Reply refused = await alice.Client.RequestAsync("REKEY_COMMIT", new { leaseId = "L1", epoch = 2, mls = new { groupInfo = large, commit = "AAAA", tag = MlsDevice.Text(MlsDevice.Tag(2)) } });
        Assert.Equal("E2EE_LEASE_INVALID", refused.Code);
        await alice.Client.SendAsync("KEY_PACKAGE", new { epoch = 1, blob = large });
        Assert.Equal((1009, "MESSAGE_TOO_BIG"), await alice.Client.ClosedAsync());
    }

    private static async Task<(MlsDevice Alice, MlsDevice Bob)> PairAsync(TestServer server)
    {
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob");
        return (devices[0], devices[1]);
    }
}
