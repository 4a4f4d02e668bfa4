using Crosspoint.Calls.Mls;
using Crosspoint.Fuzz.Engine;

namespace Crosspoint.Fuzz.Targets;

/// <summary>MLS messages as members hand them in. The corpus has those that ts-mls made.</summary>
internal static class MlsTargets
{
    // Signature key, credential, capabilities, source, extensions, signature: what stands in every leaf.
    private static readonly byte[] Leaf = [1, 8, 1, 7, 0, 1, 1, 6, 2, 0, 1, 2, 0, 1, 0, 0, 0, 1, .. new byte[16], 0, 1, 9];

    private static readonly byte[][] Words =
    [
        [0, 1, 0, 1], [0, 1, 0, 4], [1, 0, 3, 0, 0, 0, 1], [1, 0, 6, 1, 9], [2, 1, 9], [0, 2], [0, 4, 1, 9], [0x40, 0x40], [0x80, 0, 0x40, 0], [0xC0], Leaf, [1, 1, .. Leaf], [1, 2, 1, 8, 0, 0],
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("mls-commit", Commit, CommitSeeds) { MaxInputBytes = 8192, MaxAllocatedBytes = 64 << 10, Words = Words },
        new("mls-group-info", GroupInfo, InfoSeeds) { MaxInputBytes = 8192, MaxAllocatedBytes = 256 << 10, Words = Words },
    ];

    private static int Commit(ReadOnlySpan<byte> input)
    {
        bool read = MlsReader.TryReadCommit(input, out MlsCommit? commit, out MlsFault fault);
        var signature = new Signature();
        signature.Add(fault);
        Demand(read == (fault == MlsFault.None) && read == commit is not null, "Read with a fault, or a fault without a name.");
        if (commit is null)
        {
            return signature.Value;
        }

        Demand(commit.Proposals.Count <= MlsLimits.MaxProposals && Enum.IsDefined(commit.Sender.Kind), "Out of bounds.");
        int kinds = 0;
        foreach (MlsProposal proposal in commit.Proposals)
        {
            Demand(proposal.Kind == MlsProposalKind.Remove || proposal.RemovedLeaf == 0, "Only a Remove removes.");
            kinds |= 1 << (int)proposal.Kind;
        }

        signature.Add(kinds);
        signature.Add(commit.HasPath);
        signature.Add(commit.Sender.Kind);
        signature.AddMagnitude(commit.Proposals.Count);
        return signature.Value;
    }

    private static int GroupInfo(ReadOnlySpan<byte> input)
    {
        bool read = MlsReader.TryReadGroupInfo(input, out MlsGroupInfo? info, out MlsFault fault);
        var signature = new Signature();
        signature.Add(fault);
        Demand(read == (fault == MlsFault.None) && read == info is not null, "Read with a fault, or a fault without a name.");
        if (info is null)
        {
            return signature.Value;
        }

        long last = -1;
        foreach (MlsLeaf leaf in info.Leaves)
        {
            Demand(leaf.Index > last && leaf.Index < MlsLimits.MaxLeaves, "Leaves in their order, each once.");
            last = leaf.Index;
        }

        signature.Add(info.HasExternalPub);
        signature.AddMagnitude(info.Leaves.Count);
        signature.AddMagnitude(last);
        return signature.Value;
    }

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }

    private static IEnumerable<byte[]> CommitSeeds() =>
    [
        CommitOf(1, [1, 0, 3, 0, 0, 0, 9], hasPath: true),
        CommitOf(4, [1, 0, 3, 0, 0, 0, 9, 1, 0, 6, 2, 8, 8], hasPath: true),
        CommitOf(1, [1, 0, 4, 1, 2, 8, 8, 1, 9, 1, 0, 5, 1, 7, 0, 1, 0, 1, 0, 1, 0, 7, 4, 0, 1, 1, 5], hasPath: false),
        CommitOf(1, [2, 1, 7], hasPath: false),
    ];

    private static IEnumerable<byte[]> InfoSeeds() =>
    [
        Info([1, 1, .. Leaf]),
        Info([1, 1, .. Leaf, 1, 2, 1, 8, 0, 4, 0, 0, 0, 1, 1, 1, .. Leaf]),
        Info([0, 0, 1, 1, .. Leaf]),
    ];

    private static byte[] CommitOf(byte sender, byte[] proposals, bool hasPath)
    {
        byte[] path = hasPath ? [1, .. Leaf, 7, 1, 8, 4, 1, 5, 1, 6] : [0];
        byte[] member = sender == 1 ? [1, 0, 0, 0, 2] : [4];
        byte[] tags = sender == 1 ? [1, 9, 1, 9, 1, 9] : [1, 9, 1, 9];
        return [0, 1, 0, 1, 1, 7, .. new byte[8], .. member, 0, 3, (byte)proposals.Length, .. proposals, .. path, .. tags];
    }

    private static byte[] Info(byte[] tree)
    {
        byte[] vector = Vector(tree);
        byte[] extensions = Vector([0, 2, .. Vector(vector), 0, 4, 1, 9]);
        return [0, 1, 0, 4, 0, 1, 0, 1, 1, 7, .. new byte[8], 0, 0, 0, .. extensions, 1, 9, 0, 0, 0, 0, 1, 9];
    }

    private static byte[] Vector(byte[] content) =>
        content.Length < 64 ? [(byte)content.Length, .. content] : [(byte)(0x40 | (content.Length >> 8)), (byte)content.Length, .. content];
}
