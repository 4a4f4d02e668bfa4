using System.Diagnostics.CodeAnalysis;

namespace Crosspoint.Calls.Mls;

/// <summary>Reads the MLS messages that the server passes on, for their structure only: it holds no secret and checks no signature.</summary>
/// <remarks>
/// RFC 9420 §6, in the presentation language of TLS; V is a length in 1, 2 or 4 bytes before the bytes.
/// <code>
/// MLSMessage    | version 2 | wire_format 2 | PublicMessage (1) or GroupInfo (4) |
/// PublicMessage | group_id V | epoch 8 | sender 1 [leaf 4] | authenticated_data V | content_type 1 (3: commit) | Commit
///               | signature V | confirmation_tag V | membership_tag V, of members |
/// Commit        | proposals V | path 0/1 [UpdatePath] |
/// GroupInfo     | version 2 | suite 2 | group_id V | epoch 8 | tree_hash V | transcript_hash V | extensions V
///               | extensions V: ratchet_tree (2), external_pub (4) | confirmation_tag V | signer 4 | signature V |
/// </code>
/// Nothing here throws, whatever the bytes; what a message may cost is bounded by <see cref="MlsLimits"/>.
/// </remarks>
public static class MlsReader
{
    internal const ushort ProtocolVersion = 1;

    private const ushort PublicMessage = 1;
    private const ushort GroupInfo = 4;
    private const byte CommitContent = 3;
    private const ushort RatchetTreeExtension = 2;
    private const ushort ExternalPubExtension = 4;

    /// <summary>Reads a commit that was sent as PublicMessage.</summary>
    public static bool TryReadCommit(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsCommit? commit, out MlsFault fault)
    {
        MlsCursor cursor = Open(message, MlsLimits.MaxCommitBytes, PublicMessage);
        ReadOnlySpan<byte> group = cursor.ReadOpaque();
        ulong epoch = cursor.ReadUInt64();
        MlsSender sender = ReadSender(ref cursor);
        cursor.ReadOpaque();
        cursor.FailUnless(cursor.ReadByte() == CommitContent, MlsFault.ContentType);
        IReadOnlyList<MlsProposal> proposals = cursor.Fault == MlsFault.None ? MlsProposals.Read(ref cursor) : [];
        bool hasPath = cursor.ReadPresence();
        if (hasPath)
        {
            MlsNodes.SkipPath(ref cursor);
        }

        SkipAuthentication(ref cursor, sender.Kind);
        cursor.Close();
        fault = cursor.Fault;
        commit = fault == MlsFault.None ? new(group.ToArray(), epoch, sender, proposals, hasPath) : null;
        return commit is not null;
    }

    /// <summary>Reads a GroupInfo.</summary>
    public static bool TryReadGroupInfo(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsGroupInfo? info, out MlsFault fault)
    {
        MlsCursor cursor = Open(message, MlsLimits.MaxGroupInfoBytes, GroupInfo);
        cursor.FailUnless(cursor.ReadUInt16() == ProtocolVersion, MlsFault.Version);
        ushort suite = cursor.ReadUInt16();
        ReadOnlySpan<byte> group = cursor.ReadOpaque();
        ulong epoch = cursor.ReadUInt64();
        cursor.ReadOpaque();
        cursor.ReadOpaque();
        MlsNodes.SkipExtensions(ref cursor);
        IReadOnlyList<MlsLeaf> leaves = ReadExtensions(ref cursor, out bool hasExternalPub);
        cursor.ReadOpaque();
        uint signer = cursor.ReadUInt32();
        cursor.ReadOpaque();
        cursor.Close();
        fault = cursor.Fault;
        info = fault == MlsFault.None ? new(group.ToArray(), epoch, suite, signer, hasExternalPub, leaves) : null;
        return info is not null;
    }

    private static MlsCursor Open(ReadOnlySpan<byte> message, int limit, ushort wireFormat)
    {
        MlsCursor cursor = new(message);
        cursor.FailUnless(message.Length <= limit, MlsFault.TooLarge);
        cursor.FailUnless(cursor.ReadUInt16() == ProtocolVersion, MlsFault.Version);
        cursor.FailUnless(cursor.ReadUInt16() == wireFormat, MlsFault.WireFormat);
        return cursor;
    }

    private static MlsSender ReadSender(ref MlsCursor cursor)
    {
        var kind = (MlsSenderKind)cursor.ReadByte();
        cursor.FailUnless(kind is MlsSenderKind.Member or MlsSenderKind.NewMemberCommit, MlsFault.SenderKind);
        return new(kind, kind == MlsSenderKind.Member ? cursor.ReadUInt32() : 0);
    }

    // §6.1, §6.2: a commit has a confirmation tag; only a member can add a membership tag.
    private static void SkipAuthentication(ref MlsCursor cursor, MlsSenderKind sender)
    {
        cursor.ReadOpaque();
        cursor.ReadOpaque();
        if (sender == MlsSenderKind.Member)
        {
            cursor.ReadOpaque();
        }
    }

    private static IReadOnlyList<MlsLeaf> ReadExtensions(ref MlsCursor cursor, out bool hasExternalPub)
    {
        IReadOnlyList<MlsLeaf>? leaves = null;
        hasExternalPub = false;
        int outer = cursor.Enter();
        while (!cursor.IsAtEnd)
        {
            switch (cursor.ReadUInt16())
            {
                case RatchetTreeExtension:
                    cursor.FailUnless(leaves is null, MlsFault.DuplicateExtension);
                    int tree = cursor.Enter();
                    leaves = MlsTree.Read(ref cursor);
                    cursor.Leave(tree);
                    break;
                case ExternalPubExtension:
                    cursor.FailUnless(!hasExternalPub, MlsFault.DuplicateExtension);
                    hasExternalPub = !cursor.ReadOpaque().IsEmpty;
                    break;
                default:
                    cursor.ReadOpaque();
                    break;
            }
        }

        cursor.Leave(outer);
        return leaves ?? [];
    }
}
