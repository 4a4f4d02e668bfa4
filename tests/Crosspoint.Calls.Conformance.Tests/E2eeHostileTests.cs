using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;
using static Crosspoint.Calls.Conformance.Tests.Support.MlsRoom;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>Bad commits, vanished holders and forked members over real sockets: each hears what is wrong, and the room goes on.</summary>
public class E2eeHostileTests
{
    // Proposals as RFC 9420 §12.1 has them on the wire: by value (1) or by reference (2), the type, the rest.
    private static readonly byte[] UnknownProposal = [1, 0x0A, 0x0A, 0];
    private static readonly byte[] ContextExtensions = [1, 0, 7, 0];
    private static readonly byte[] ByReference = [2, 4, 1, 2, 3, 4];
    private static readonly byte[] SecondInit = [1, 0, 6, 32, .. new byte[32]];

    [Fact]
    public async Task A_commit_too_late_too_early_or_without_a_lease_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob");
        MlsDevice alice = devices[0];
        Assert.Equal("E2EE_LEASE_INVALID", (await devices[1].Client.RequestAsync("REKEY_BEGIN", new { epoch = 3 })).Code);
        Reply stale = await CommitRawAsync(alice, "L1", 2);
        Assert.Equal("E2EE_STALE_EPOCH", stale.Code);
        Assert.Equal(3, stale.Details.GetProperty("expectedEpoch").GetInt64());
        Assert.Equal("E2EE_LEASE_INVALID", (await CommitRawAsync(alice, "L99", 3)).Code);
        Assert.Equal("E2EE_EPOCH_MISMATCH", (await CommitRawAsync(alice, "L9", 9)).Code);
        await GoesOnAsync(server, devices);
    }

    [Fact]
    public async Task A_replayed_commit_is_answered_as_before_and_makes_no_epoch()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob");
        await AskForKeysAsync(server, devices[0]);
        (MlsDevice holder, JsonElement lease) = await HolderAsync(devices);
        object offer = holder.Offer(lease, Seats(devices));
        Assert.True((await holder.Client.RequestAsync("REKEY_COMMIT", offer)).Ok);
        Assert.True((await holder.Client.RequestAsync("REKEY_COMMIT", offer)).Ok);
        MlsDevice other = devices.Single(device => device != holder);
        Assert.Equal("E2EE_STALE_EPOCH", (await other.Client.RequestAsync("REKEY_COMMIT", offer)).Code);
        holder.Epoch = 3;
        await FollowToAsync(other, 3);
        await GoesOnAsync(server, devices);
        Assert.Equal(4, devices[0].Epoch);
    }

    [Fact]
    public async Task Every_forgery_is_named_and_the_next_member_is_asked()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob", "carol");
        (string Check, Func<MlsDevice, MlsForgery> Forge)[] rows =
        [
            ("S4_UNREADABLE", _ => new() { Padding = [0] }),
            ("S4_GROUP", _ => new() { Group = new byte[16] }),
            ("S4_EPOCH", _ => new() { EpochsBack = 1 }),
            ("S5_SENDER", who => new() { Sender = who.Leaf == 0 ? 1 : 0 }),
            ("S5_PROPOSAL", _ => new() { Proposals = ContextExtensions }),
            ("S5_PROPOSAL", _ => new() { Proposals = SecondInit }),
            ("S4_UNREADABLE", _ => new() { Proposals = UnknownProposal }),
            ("S4_UNREADABLE", _ => new() { Proposals = ByReference }),
            ("S5_REMOVES", who => new() { Removes = [who.Leaf == 0 ? 1 : 0] }),
            ("S5_REMOVES", _ => new() { Removes = [900] }),
            ("S5_PATH", _ => new() { HasPath = false }),
        ];
        foreach ((string check, Func<MlsDevice, MlsForgery> forge) in rows)
        {
            await AskForKeysAsync(server, devices[0]);
            (MlsDevice holder, JsonElement lease) = await HolderAsync(devices);
            Reply reply = await holder.Client.RequestAsync("REKEY_COMMIT", holder.Offer(lease, Seats(devices), forge(holder)));
            Assert.Equal("E2EE_BAD_COMMIT", reply.Code);
            Assert.Equal(check, reply.Details.GetProperty("check").GetString());
            await GoesOnAsync(devices);
        }
    }

    [Fact]
    public async Task A_tree_with_somebody_missing_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob");
        await AskForKeysAsync(server, devices[0]);
        (MlsDevice holder, JsonElement lease) = await HolderAsync(devices);
        Reply reply = await holder.Client.RequestAsync("REKEY_COMMIT", holder.Offer(lease, Seats(holder)));
        Assert.StartsWith("S6_", reply.Details.GetProperty("check").GetString(), StringComparison.Ordinal);
        await GoesOnAsync(devices);
    }

    [Fact]
    public async Task Who_joins_and_removes_somebody_does_not_come_in_and_may_try_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, string token) = await TogetherAsync(server, "alice", "bob");
        MlsDevice carol = await SignInAsync(server, "carol");
        carol.Take((await carol.Client.RequestAsync("ROOM_JOIN", new { roomId = Id, joinToken = token }))["E2EE_POLICY"]);
        JsonElement lease = await carol.LeaseAsync();
        Reply reply = await carol.Client.RequestAsync("REKEY_COMMIT", carol.Offer(lease, Seats(devices), new() { Removes = [0] }));
        Assert.Equal("S5_REMOVES", reply.Details.GetProperty("check").GetString());
        Assert.Equal("E2EE_NOT_READY", (await carol.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        server.Time.Advance(TimeSpan.FromMilliseconds(1600));
        await carol.CommitAsync(await carol.LeaseAsync(), Seats(devices));
        await AllFollowAsync([.. devices, carol], carol);
    }

    [Fact]
    public async Task An_oversized_commit_is_refused_before_anybody_reads_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob");
        await AskForKeysAsync(server, devices[0]);
        (MlsDevice holder, JsonElement lease) = await HolderAsync(devices);
        string leaseId = lease.GetProperty("leaseId").GetString()!;
        Reply reply = await holder.Client.RequestAsync("REKEY_COMMIT", new { leaseId, epoch = 3, mls = new { commit = new string('A', 90_000), groupInfo = "AAAA", tag = MlsDevice.Text(MlsDevice.Tag(3)) } });
        Assert.Equal("VALIDATION_FAILED", reply.Code);

        // It cost nobody the lease: nothing was looked at.
        await holder.CommitAsync(lease, Seats(devices));
        await AllFollowAsync(devices, holder);
        await holder.Client.SendAsync("REKEY_COMMIT", new { leaseId, epoch = 4, mls = new { commit = "AAAA", groupInfo = new string('A', 480_000), tag = MlsDevice.Text(MlsDevice.Tag(4)) } });
        Assert.Equal((1009, "MESSAGE_TOO_BIG"), await holder.Client.ClosedAsync());
    }

    [Fact]
    public async Task A_holder_whose_socket_is_cut_loses_the_lease_to_another()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob", "carol");
        await AskForKeysAsync(server, devices[0]);
        (MlsDevice gone, _) = await HolderAsync(devices);
        gone.Client.Cut();
        MlsDevice[] rest = [.. devices.Where(device => device != gone)];
        (MlsDevice next, JsonElement lease) = await HolderAsync(rest);
        Assert.Equal("request", lease.GetProperty("reason").GetString());
        await next.CommitAsync(lease, Seats(devices));
        await AllFollowAsync(rest, next);
    }

    [Fact]
    public async Task A_holder_that_says_nothing_loses_the_lease_when_it_runs_out()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob");
        await AskForKeysAsync(server, devices[0]);
        (MlsDevice silent, JsonElement first) = await HolderAsync(devices);
        server.Time.Advance(TimeSpan.FromMilliseconds(3100));
        (MlsDevice next, JsonElement lease) = await HolderAsync(devices);
        Assert.NotSame(silent, next);
        Assert.Equal("E2EE_LEASE_INVALID", (await silent.Client.RequestAsync("REKEY_COMMIT", silent.Offer(first, Seats(devices)))).Code);
        await next.CommitAsync(lease, Seats(devices));
        await AllFollowAsync(devices, next);
    }

    [Fact]
    public async Task A_forked_member_is_told_and_comes_in_anew_while_the_others_switch()
    {
        await using TestServer server = await TestServer.StartAsync();
        (MlsDevice[] devices, _) = await TogetherAsync(server, "alice", "bob", "carol");
        await AskForKeysAsync(server, devices[0]);
        (MlsDevice holder, JsonElement lease) = await HolderAsync(devices);
        await holder.CommitAsync(lease, Seats(devices));
        MlsDevice[] others = [.. devices.Where(device => device != holder)];
        (MlsDevice forked, MlsDevice sound) = (others[0], others[1]);
        Reply reply = await forked.Client.RequestAsync("E2EE_READY", new { epoch = 4, mls = new { tag = MlsDevice.Text(MlsDevice.Tag(77)) } });
        Assert.Equal("E2EE_TAG_MISMATCH", reply.Code);
        Assert.Equal("E2EE_NOT_READY", (await forked.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Code);
        await FollowToAsync(sound, 4);
        server.Time.Advance(TimeSpan.FromMilliseconds(1100));
        JsonElement resync = await forked.LeaseAsync();
        Assert.Equal("resync", resync.GetProperty("reason").GetString());
        Assert.True((await sound.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "send" })).Ok);
        await forked.CommitAsync(resync, Seats(devices));
        await AllFollowAsync(devices, forked);
    }

    private static Task<Reply> CommitRawAsync(MlsDevice device, string leaseId, long epoch) =>
        device.Client.RequestAsync("REKEY_COMMIT", new { leaseId, epoch, mls = new { commit = "AAAA", groupInfo = "AAAA", tag = MlsDevice.Text(MlsDevice.Tag(epoch)) } });

    private static async Task AskForKeysAsync(TestServer server, MlsDevice device)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(300));
        Reply asked = await device.Client.RequestAsync("REKEY_REQUEST", new { epoch = device.Epoch, reason = "test" });
        Assert.True(asked.Ok, asked.ToString());
    }

    // Everybody has the epoch that one of them made, and media may be asked for.
    private static async Task AllFollowAsync(MlsDevice[] devices, MlsDevice committer)
    {
        foreach (MlsDevice device in devices.Where(device => device != committer))
        {
            await FollowToAsync(device, committer.Epoch);
        }

        foreach (MlsDevice device in devices)
        {
            Reply opened = await device.Client.RequestAsync("TRANSPORT_CREATE", new { direction = "recv" });
            Assert.True(opened.Ok || opened.Code != "E2EE_NOT_READY", opened.ToString());
        }
    }

    private static async Task GoesOnAsync(TestServer server, MlsDevice[] devices)
    {
        await AskForKeysAsync(server, devices[0]);
        await GoesOnAsync(devices);
    }

    // The next to hold the lease commits, and everybody follows.
    private static async Task GoesOnAsync(MlsDevice[] devices)
    {
        (MlsDevice next, JsonElement lease) = await HolderAsync(devices);
        await next.CommitAsync(lease, Seats(devices));
        await AllFollowAsync(devices, next);
    }
}
