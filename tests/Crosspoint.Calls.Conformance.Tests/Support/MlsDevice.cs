using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Crosspoint.Load.CallsDoor;

namespace Crosspoint.Calls.Conformance.Tests.Support;

/// <summary>A device in a room of profile mls-sframe-v1: a socket, and what it knows of the group. It follows the protocol unless a test makes it do otherwise.</summary>
public sealed class MlsDevice(TestClient client, string name) : IDisposable
{
    private readonly SortedDictionary<int, (byte[] Key, byte[] Identity)> _leaves = [];

    public TestClient Client { get; } = client;

    public string Device { get; } = name + "-device";

    public byte[] Key { get; } = [.. Encoding.UTF8.GetBytes(name.PadRight(32, '.'))];

    public byte[] Identity { get; } = Encoding.UTF8.GetBytes($"{{\"sub\":\"{name}\"}}");

    public byte[] Group { get; set; } = [];

    public long Generation { get; set; }

    public long Epoch { get; set; }

    public int? Leaf { get; set; }

    public static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static byte[] Tag(long epoch) => [.. Encoding.ASCII.GetBytes($"tag of {epoch}".PadRight(16))];

    public Task<Reply> CapsAsync(object? seen = null) => Client.RequestAsync("E2EE_CAPS", new
    {
        insertableStreams = true, sframe = true, profiles = new[] { "mls-sframe-v1" }, suites = new[] { 1 }, sframeSuites = new[] { 4 }, wire = 1,
        codecs = new[] { "opus", "vp8", "vp9" }, transform = "streams", device = new { dev = Device, key = Text(Key), identity = Text(Identity) }, seen,
    });

    /// <summary>Joins the room and commits under the lease that comes.</summary>
    public async Task<JsonElement> EnterAsync(string roomId, string? joinToken, IReadOnlyDictionary<int, MlsDevice> group)
    {
        Reply joined = await Client.RequestAsync("ROOM_JOIN", joinToken is null ? new { roomId } : new { roomId, joinToken });
        Assert.True(joined.Ok, joined.ToString());
        Take(joined["E2EE_POLICY"]);
        return await CommitAsync(await LeaseAsync(), group);
    }

    public void Take(JsonElement policy)
    {
        JsonElement mls = policy.GetProperty("mls");
        (Group, Generation) = (Base64Url.DecodeFromChars(mls.GetProperty("groupId").GetString()), mls.GetProperty("generation").GetInt64());
    }

    /// <summary>The next REKEY_BEGIN with a lease for this device.</summary>
    public async Task<JsonElement> LeaseAsync()
    {
        while (true)
        {
            JsonElement begin = (await Client.EventAsync("REKEY_BEGIN")).Payload;
            if (begin.TryGetProperty("leaseId", out _))
            {
                return begin;
            }
        }
    }

    /// <summary>Commits what a lease asks for; the lease.</summary>
    public async Task<JsonElement> CommitAsync(JsonElement lease, IReadOnlyDictionary<int, MlsDevice> group)
    {
        Reply reply = await Client.RequestAsync("REKEY_COMMIT", Offer(lease, group));
        Assert.True(reply.Ok, reply.ToString());
        Epoch = lease.GetProperty("newEpoch").GetInt64();
        return lease;
    }

    /// <summary>What a lease asks for. <paramref name="group"/> is who has which leaf before.</summary>
    /// <param name="lease">REKEY_BEGIN.</param>
    /// <param name="group">By leaf.</param>
    /// <param name="forgery">What is not as the lease asks for; null for nothing.</param>
    public object Offer(JsonElement lease, IReadOnlyDictionary<int, MlsDevice> group, MlsForgery? forgery = null)
    {
        forgery ??= new();
        string reason = lease.GetProperty("reason").GetString()!;
        bool isExternal = reason is "join" or "resync";
        int[] removes = forgery.Removes ?? [.. lease.GetProperty("mls").GetProperty("removes").EnumerateArray().Select(removed => removed.GetProperty("leaf").GetInt32())];
        _leaves.Clear();
        foreach ((int leaf, MlsDevice device) in group.Where(seat => !removes.Contains(seat.Key)))
        {
            _leaves[leaf] = (device.Key, device.Identity);
        }

        if (isExternal || reason == "create")
        {
            Leaf = Enumerable.Range(0, 1000).First(leaf => !_leaves.ContainsKey(leaf));
            _leaves[Leaf.Value] = (Key, Identity);
        }

        long newEpoch = lease.GetProperty("newEpoch").GetInt64();
        ulong mlsEpoch = (ulong)(newEpoch - BaseEpoch);
        byte[] commit = reason == "create" ? [] : MlsMessages.Commit(
            forgery.Group ?? Group, mlsEpoch - 1 - forgery.EpochsBack, forgery.Sender ?? (isExternal ? null : Leaf), removes, Key, Identity, forgery.HasPath, forgery.Proposals);
        return new
        {
            leaseId = lease.GetProperty("leaseId").GetString(),
            epoch = newEpoch,
            mls = new { commit = Text([.. commit, .. forgery.Padding]), groupInfo = Text(MlsMessages.GroupInfo(Group, mlsEpoch, Leaf!.Value, _leaves)), tag = Text(Tag(newEpoch)) },
        };
    }

    /// <summary>The room's epoch in which the group began.</summary>
    public long BaseEpoch { get; set; } = 1;

    public Task<Reply> ReadyAsync() => Client.RequestAsync("E2EE_READY", new { epoch = Epoch, mls = new { tag = Text(Tag(Epoch)) } });

    public void Dispose() => Client.Dispose();
}

/// <summary>In what a commit differs from what its lease asks for.</summary>
public sealed record MlsForgery
{
    /// <summary>Leaves it removes; null for those that the lease names.</summary>
    public int[]? Removes { get; init; }

    /// <summary>The leaf it says it is from; null for its own, or outside.</summary>
    public int? Sender { get; init; }

    /// <summary>The group; null for the right one.</summary>
    public byte[]? Group { get; init; }

    /// <summary>How far behind the epoch is that it says it follows.</summary>
    public ulong EpochsBack { get; init; }

    /// <summary>Proposals besides, as they are on the wire.</summary>
    public byte[] Proposals { get; init; } = [];

    public bool HasPath { get; init; } = true;

    /// <summary>Bytes after the message.</summary>
    public byte[] Padding { get; init; } = [];
}
