using System.Security.Cryptography;
using System.Text;

namespace Crosspoint.Calls.Encryption;

/// <summary>What the parts of a room's actor share. It decides nothing.</summary>
/// <remarks>The room's actor owns it.</remarks>
internal sealed class KeyRoom(string roomId, EncryptionOptions options, IEncryptionSink sink, IEpochStore store, ICommitReader reader, ReadOnlyMemory<byte> salt)
{
    // given to me
    internal string RoomId { get; } = roomId;

    internal EncryptionOptions Options { get; } = options;

    internal IEncryptionSink Sink { get; } = sink;

    internal IEpochStore Store { get; } = store;

    internal ICommitReader Reader { get; } = reader;

    // made by me
    internal Roster Roster { get; } = new();

    internal KeyGroup Group { get; } = new();

    internal LeaseTable Leases { get; } = new();

    internal CommitLog Log { get; } = new(options.LogCommits);

    internal ReadyLedger Ready { get; } = new();

    internal FaultTally Faults { get; } = new(options.Fault);

    private readonly byte[] _salt = salt.ToArray();

    /// <summary>An id that no other group has: of this room, generation and process.</summary>
    internal byte[] NewGroupId(long generation) => SHA256.HashData([.. _salt, .. Encoding.UTF8.GetBytes($"{RoomId}\n{generation}")])[..16];

    /// <summary>Media to and from a member flows, or does not; said once.</summary>
    internal void Forward(KeyMember member, bool isForwarded)
    {
        if (member.IsForwarded != isForwarded)
        {
            member.IsForwarded = isForwarded;
            Sink.SetForwarding(member, isForwarded);
        }
    }

    internal void TellRole(KeyMember member, KeyRole role)
    {
        if (member.ToldRole != role && member.IsReachable)
        {
            member.ToldRole = role;
            Sink.TellRole(member, role);
        }
    }

    /// <summary>The room as it is to be kept after the next epoch began.</summary>
    internal EpochRecord Record(long epoch, ulong mlsEpoch, byte[] tag, byte[] groupInfo, IReadOnlyList<MemberRecord> members, IReadOnlyList<LoggedCommit> log) => new()
    {
        RoomId = RoomId,
        Generation = Group.Generation,
        GroupId = Group.Id,
        Epoch = epoch,
        MlsEpoch = mlsEpoch,
        Tag = tag,
        GroupInfo = groupInfo,
        Members = members,
        Log = log,
    };
}
