using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Mls;

namespace Crosspoint.Sim.E2ee;

/// <summary>Commits without cryptography: the bytes are a number, and what an MLS message would say stands in a list under it.</summary>
/// <remarks>One schedule owns it. A secret is a number too: who processed the same commits has the same one.</remarks>
internal sealed class ModelWire : ICommitReader
{
    private const int CommitMark = 0x434f4d4d;
    private const int InfoMark = 0x494e464f;

    // state
    private readonly List<MlsCommit> _commits = [];
    private readonly List<MlsGroupInfo> _infos = [];
    private readonly List<long> _secretsAfter = [];
    private readonly List<long> _secretsBefore = [];

    public byte[] Add(MlsCommit commit, long before, long after)
    {
        _commits.Add(commit);
        _secretsBefore.Add(before);
        _secretsAfter.Add(after);
        return Bytes(CommitMark, _commits.Count - 1);
    }

    public byte[] Add(MlsGroupInfo info)
    {
        _infos.Add(info);
        return Bytes(InfoMark, _infos.Count - 1);
    }

    /// <summary>What a member with this secret has after a commit; null when it cannot process it.</summary>
    public long? Process(long secret, byte[] commit)
    {
        int index = Index(commit, CommitMark, _commits.Count);
        return index >= 0 && _secretsBefore[index] == secret ? _secretsAfter[index] : null;
    }

    public bool TryReadCommit(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsCommit? commit)
    {
        int index = Index(message, CommitMark, _commits.Count);
        commit = index >= 0 ? _commits[index] : null;
        return commit is not null;
    }

    public bool TryReadGroupInfo(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsGroupInfo? info)
    {
        int index = Index(message, InfoMark, _infos.Count);
        info = index >= 0 ? _infos[index] : null;
        return info is not null;
    }

    /// <summary>The tag of an epoch with this secret.</summary>
    public static byte[] Tag(long secret)
    {
        byte[] tag = new byte[EncryptionOptions.TagBytes];
        BinaryPrimitives.WriteInt64LittleEndian(tag, secret);
        return tag;
    }

    private static byte[] Bytes(int mark, int index)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, mark);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), index);
        return bytes;
    }

    private static int Index(ReadOnlySpan<byte> bytes, int mark, int count)
    {
        if (bytes.Length != 8 || BinaryPrimitives.ReadInt32LittleEndian(bytes) != mark)
        {
            return -1;
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        return (uint)index < (uint)count ? index : -1;
    }
}
