using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crosspoint.CallsClient;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Load.CallsDoor;

/// <summary>
/// What a device does for the keys of a room of profile mls-sframe-v1, without keys: it commits when it is given the lease and is ready for every epoch.
/// The server checks form, not secrets, so its work is that of a real room; nobody could decrypt anything, and nothing is encrypted.
/// </summary>
/// <remarks>The reader of its socket calls it.</remarks>
internal sealed class GroupMember
{
    /// <summary>The room's epoch in which a new room's group begins.</summary>
    public const long FirstEpoch = 1;

    private readonly CallsDoorClient _door;
    private readonly string _device;
    private readonly Lock _lock = new();
    private byte[] _group = [];
    private RekeyActivePayload? _active;
    private (int Members, TaskCompletionSource<long> Done)? _awaited;

    public GroupMember(CallsDoorClient door, string device)
    {
        (_door, _device) = (door, device);
        door.Heard = Hear;
    }

    /// <summary>What a device of the profile says of itself.</summary>
    public static E2eeCapsPayload Capabilities(string device) => new()
    {
        InsertableStreams = true,
        Sframe = true,
        Profiles = [CrosspointServer.EncryptedProfile],
        Suites = [1],
        SframeSuites = [4],
        Wire = 1,
        Codecs = ["opus", "vp8"],
        Device = new() { Dev = device, Key = Text(KeyOf(device)), Identity = Text(IdentityOf(device)) },
    };

    /// <summary>Completes with the epoch as soon as so many members have it, all of them.</summary>
    public Task<long> SettledAsync(int members)
    {
        TaskCompletionSource<long> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _awaited = (members, done);
            Settle();
        }

        return done.Task;
    }

    private void Hear(string type, ReadOnlyMemory<byte> frame)
    {
        switch (type)
        {
            case MessageTypes.E2eePolicy:
                _group = Read(frame, CallsJson.Default.E2eePolicyPayload).Mls is { } mls ? Base64Url.DecodeFromChars(mls.GroupId) : [];
                break;
            case MessageTypes.RekeyBegin when Read(frame, CallsJson.Default.RekeyBeginPayload) is { LeaseId: not null } lease:
                _ = _door.TellAsync(MessageTypes.RekeyCommit, Commit(lease), CallsJson.Default.RekeyCommitPayload);
                break;
            case MessageTypes.RekeyCommit when Read(frame, CallsJson.Default.RekeyCommitPayload) is var commit && commit.LeaderDeviceId != _device:
                E2eeReadyPayload ready = new() { Epoch = commit.EffectiveEpoch!.Value, Mls = new() { Tag = commit.Mls!.Tag } };
                _ = _door.TellAsync(MessageTypes.E2eeReady, ready, CallsJson.Default.E2eeReadyPayload);
                break;
            case MessageTypes.RekeyActive:
                lock (_lock)
                {
                    _active = Read(frame, CallsJson.Default.RekeyActivePayload);
                    Settle();
                }

                break;
        }
    }

    private void Settle()
    {
        if (_awaited is { } awaited && _active is { } active && active.Total == awaited.Members && active.Ready == active.Total)
        {
            awaited.Done.TrySetResult(active.Epoch);
        }
    }

    private RekeyCommitPayload Commit(RekeyBeginPayload lease)
    {
        RekeyBeginMls plan = lease.Mls!;
        int[] removes = [.. plan.Removes.Select(member => member.Leaf)];
        Dictionary<int, (byte[] Key, byte[] Identity)> leaves = plan.Members
            .Where(member => !removes.Contains(member.Leaf))
            .ToDictionary(member => member.Leaf, member => (KeyOf(member.Dev), IdentityOf(member.Dev)));
        bool isExternal = lease.Reason is "join" or "resync";
        bool isFirst = lease.Reason == "create";
        int leaf = isExternal || isFirst
            ? Enumerable.Range(0, leaves.Count + 1).First(free => !leaves.ContainsKey(free))
            : plan.Members.First(member => member.Dev == _device).Leaf;
        (byte[] key, byte[] identity) = (KeyOf(_device), IdentityOf(_device));
        leaves[leaf] = (key, identity);
        long epoch = lease.NewEpoch!.Value;
        ulong mlsEpoch = (ulong)(epoch - FirstEpoch);
        return new()
        {
            LeaseId = lease.LeaseId,
            Epoch = epoch,
            Mls = new()
            {
                Commit = isFirst ? null : Text(MlsMessages.Commit(_group, mlsEpoch - 1, isExternal ? null : leaf, removes, key, identity)),
                GroupInfo = Text(MlsMessages.GroupInfo(_group, mlsEpoch, leaf, leaves)),
                Tag = Text(Encoding.ASCII.GetBytes($"{epoch,16}")),
            },
        };
    }

    private static byte[] KeyOf(string device) => SHA256.HashData(Encoding.UTF8.GetBytes(device));

    private static byte[] IdentityOf(string device) => Encoding.UTF8.GetBytes($"{{\"dev\":\"{device}\"}}");

    private static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static T Read<T>(ReadOnlyMemory<byte> frame, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> typeInfo) =>
        JsonSerializer.Deserialize(frame.Span, CallsJson.Default.Envelope)!.Payload!.Value.Deserialize(typeInfo)!;
}
