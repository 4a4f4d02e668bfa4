using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Tests.Mls;

public class MlsHostileTests
{
    [Fact]
    public void Every_message_cut_short_is_refused()
    {
        foreach (GoldenFrame frame in GoldenFrames.Commits.Concat(GoldenFrames.GroupInfos))
        {
            for (int length = 0; length < frame.Bytes.Length; length++)
            {
                MlsFault fault = Read(frame, frame.Bytes.AsSpan(0, length));
                Assert.True(fault == MlsFault.Truncated, $"{frame.Name} cut to {length}: {fault}");
            }
        }
    }

    [Fact]
    public void Every_message_with_a_byte_more_is_refused()
    {
        foreach (GoldenFrame frame in GoldenFrames.Commits.Concat(GoldenFrames.GroupInfos))
        {
            Assert.Equal(MlsFault.Trailing, Read(frame, [.. frame.Bytes, 0]));
        }
    }

    [Fact]
    public void Changed_bytes_never_throw()
    {
        const int Seed = 420;
        Random random = new(Seed);
        foreach (GoldenFrame frame in GoldenFrames.Commits.Concat(GoldenFrames.GroupInfos))
        {
            for (int i = 0; i < 2000; i++)
            {
                byte[] changed = [.. frame.Bytes];
                for (int n = random.Next(1, 4); n > 0; n--)
                {
                    changed[random.Next(changed.Length)] = (byte)random.Next(256);
                }

                Assert.True(Enum.IsDefined(Read(frame, changed)), $"seed {Seed}");
            }
        }
    }

    [Fact]
    public void Sizes_beyond_the_limits_are_refused_unread()
    {
        byte[] commit = new byte[MlsLimits.MaxCommitBytes + 1];
        GoldenFrames.Commits[0].Bytes.CopyTo(commit, 0);
        Assert.False(MlsReader.TryReadCommit(commit, out _, out MlsFault fault));
        Assert.Equal(MlsFault.TooLarge, fault);

        byte[] info = new byte[MlsLimits.MaxGroupInfoBytes + 1];
        GoldenFrames.GroupInfos[0].Bytes.CopyTo(info, 0);
        Assert.False(MlsReader.TryReadGroupInfo(info, out _, out fault));
        Assert.Equal(MlsFault.TooLarge, fault);
    }

    [Theory]
    [InlineData(64, MlsFault.None)]
    [InlineData(65, MlsFault.TooManyProposals)]
    public void So_many_proposals_and_no_more(int count, MlsFault expected) =>
        Assert.Equal(expected, ReadCommit(Commit([.. Enumerable.Repeat<byte[]>([1, 0, 3, 0, 0, 0, 9], count).SelectMany(p => p)])));

    [Theory]
    [InlineData(new byte[] { 2, 1, 7 }, MlsFault.ProposalByReference)]
    [InlineData(new byte[] { 3 }, MlsFault.UnknownProposal)]
    [InlineData(new byte[] { 0 }, MlsFault.UnknownProposal)]
    [InlineData(new byte[] { 1, 0, 0 }, MlsFault.UnknownProposal)]
    [InlineData(new byte[] { 1, 0, 8, 0 }, MlsFault.UnknownProposal)]
    [InlineData(new byte[] { 1, 0, 3, 0, 0, 0 }, MlsFault.Truncated)]
    [InlineData(new byte[] { 1, 0, 4, 3 }, MlsFault.PreSharedKey)]
    [InlineData(new byte[] { 1, 0, 4, 1, 2, 8, 8, 1, 9 }, MlsFault.None)]
    [InlineData(new byte[] { 1, 0, 4, 2, 1, 1, 7, 0, 0, 0, 0, 0, 0, 0, 1, 1, 9 }, MlsFault.None)]
    [InlineData(new byte[] { 1, 0, 5, 1, 7, 0, 1, 0, 1, 0 }, MlsFault.None)]
    [InlineData(new byte[] { 1, 0, 6, 2, 8, 8 }, MlsFault.None)]
    [InlineData(new byte[] { 1, 0, 7, 4, 0, 1, 1, 5 }, MlsFault.None)]
    [InlineData(new byte[] { 1, 0, 7, 4, 0, 1, 2, 5 }, MlsFault.Truncated)]
    public void Proposals_one_by_one(byte[] proposals, MlsFault expected) => Assert.Equal(expected, ReadCommit(Commit(proposals)));

    [Theory]
    [InlineData(0, 2, MlsFault.Version)]
    [InlineData(1, 2, MlsFault.Version)]
    [InlineData(3, 2, MlsFault.WireFormat)]
    [InlineData(4, 0x40, MlsFault.Length)] // two bytes for a length of 1
    [InlineData(4, 0xC0, MlsFault.Length)]
    [InlineData(14, 2, MlsFault.SenderKind)] // external
    [InlineData(14, 3, MlsFault.SenderKind)] // new_member_proposal
    [InlineData(20, 1, MlsFault.ContentType)]
    [InlineData(20, 2, MlsFault.ContentType)]
    [InlineData(22, 2, MlsFault.Presence)]
    public void Fields_one_by_one(int at, byte value, MlsFault expected)
    {
        byte[] commit = Commit([]);
        commit[at] = value;
        Assert.Equal(expected, ReadCommit(commit));
    }

    [Fact]
    public void A_new_member_has_neither_leaf_nor_membership_tag()
    {
        byte[] message = [0, 1, 0, 1, 1, 7, .. new byte[7], 5, 4, 0, 3, 0, 0, 1, 9, 1, 9];
        Assert.True(MlsReader.TryReadCommit(message, out MlsCommit? commit, out _));
        Assert.Equal(new(MlsSenderKind.NewMemberCommit, 0), commit.Sender);
        Assert.Equal(5UL, commit.Epoch);
        Assert.Equal(MlsFault.Trailing, ReadCommit([.. message, 1, 9]));
    }

    [Fact]
    public void A_tree_has_leaves_and_parents_in_turn_and_ends_with_one()
    {
        byte[] leaf = [1, 1, .. Leaf()];
        byte[] parent = [1, 2, 1, 8, 0, 0];
        Assert.Equal(MlsFault.None, ReadInfo(Tree(leaf)));
        Assert.Equal(MlsFault.None, ReadInfo(Tree(leaf, parent, leaf)));
        Assert.Equal(MlsFault.None, ReadInfo(Tree([0], [0], leaf)));
        Assert.Equal(MlsFault.Tree, ReadInfo(Tree()));
        Assert.Equal(MlsFault.Tree, ReadInfo(Tree(leaf, [0])));
        Assert.Equal(MlsFault.Tree, ReadInfo(Tree(leaf, leaf)));
        Assert.Equal(MlsFault.Tree, ReadInfo(Tree(parent)));
        Assert.Equal(MlsFault.Presence, ReadInfo(Tree([2, 1])));
        Assert.Equal(MlsFault.Truncated, ReadInfo(Tree(leaf, [1, 2, 1, 8, 0, 3, 0, 0, 0]))); // unmerged leaves of 4 bytes each
    }

    [Fact]
    public void As_many_leaves_as_key_ids_can_name()
    {
        byte[] leaf = [1, 1, .. Leaf()];
        byte[][] full = [leaf, .. Enumerable.Range(0, MlsLimits.MaxLeaves - 1).SelectMany(_ => new byte[][] { [0], leaf })];
        Assert.True(MlsReader.TryReadGroupInfo(Info([0, 2, .. Vector(Tree(full))]), out MlsGroupInfo? info, out _));
        Assert.Equal((1024, 1023u), (info.Leaves.Count, info.Leaves[^1].Index));
        Assert.Equal(MlsFault.TooManyLeaves, ReadInfo(Tree([.. full, [0], leaf])));
    }

    [Fact]
    public void Extensions_stand_once()
    {
        byte[] tree = [0, 2, .. Vector(Tree([1, 1, .. Leaf()]))];
        byte[] pub = [0, 4, 1, 9];
        Assert.True(MlsReader.TryReadGroupInfo(Info([.. tree, .. pub, 0x0A, 0x0A, 1, 9]), out MlsGroupInfo? info, out _));
        Assert.True(info.HasExternalPub);
        Assert.True(MlsReader.TryReadGroupInfo(Info([.. tree, 0, 4, 0]), out info, out _));
        Assert.False(info.HasExternalPub);
        Assert.False(MlsReader.TryReadGroupInfo(Info([.. tree, .. tree]), out _, out MlsFault fault));
        Assert.Equal(MlsFault.DuplicateExtension, fault);
        Assert.False(MlsReader.TryReadGroupInfo(Info([.. pub, .. pub]), out _, out fault));
        Assert.Equal(MlsFault.DuplicateExtension, fault);
    }

    [Theory]
    [InlineData(5, 3, MlsFault.Credential)]
    [InlineData(13, 4, MlsFault.LeafSource)]
    [InlineData(8, 1, MlsFault.Truncated)] // half a version
    public void Leaves_one_by_one(int at, byte value, MlsFault expected)
    {
        byte[] leaf = Leaf();
        leaf[at] = value;
        Assert.Equal(expected, ReadInfo(Tree([1, 1, .. leaf])));
    }

    [Fact]
    public void A_certificate_has_no_identity()
    {
        byte[] leaf = [1, 8, 1, 7, 0, 2, 5, 1, 6, 2, 6, 6, 0, 0, 0, 0, 0, 2, 0, 1, 9];
        Assert.True(MlsReader.TryReadGroupInfo(Info([0, 2, .. Vector(Tree([1, 1, .. leaf]))]), out MlsGroupInfo? info, out _));
        Assert.True(info.Leaves[0].Identity.IsEmpty);
    }

    // encryption_key 8, signature_key 7, basic credential 6, no capabilities, source update, no extensions, signature.
    private static byte[] Leaf() => [1, 8, 1, 7, 0, 1, 1, 6, 0, 0, 0, 0, 0, 2, 0, 1, 9];

    private static byte[] Tree(params byte[][] nodes) => Vector([.. nodes.SelectMany(n => n)]);

    private static byte[] Info(byte[] extensions) =>
        [0, 1, 0, 4, 0, 1, 0, 1, 1, 7, .. new byte[8], 0, 0, 0, .. Vector(extensions), 1, 9, 0, 0, 0, 0, 1, 9];

    // From member 0 of group 7 in epoch 0, without a path.
    private static byte[] Commit(byte[] proposals) =>
        [0, 1, 0, 1, 1, 7, .. new byte[8], 1, 0, 0, 0, 0, 0, 3, .. Vector(proposals), 0, 1, 9, 1, 9, 1, 9];

    private static byte[] Vector(byte[] content) => content.Length switch
    {
        < 1 << 6 => [(byte)content.Length, .. content],
        < 1 << 14 => [(byte)(0x40 | (content.Length >> 8)), (byte)content.Length, .. content],
        _ => [0x80, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };

    private static MlsFault ReadInfo(byte[] tree)
    {
        MlsReader.TryReadGroupInfo(Info([0, 2, .. Vector(tree)]), out _, out MlsFault fault);
        return fault;
    }

    private static MlsFault ReadCommit(byte[] message)
    {
        bool read = MlsReader.TryReadCommit(message, out MlsCommit? commit, out MlsFault fault);
        Assert.Equal((read, read), (commit is not null, fault == MlsFault.None));
        return fault;
    }

    private static MlsFault Read(GoldenFrame frame, ReadOnlySpan<byte> bytes)
    {
        MlsFault fault;
        _ = frame.Kind == "commit" ? MlsReader.TryReadCommit(bytes, out _, out fault) : MlsReader.TryReadGroupInfo(bytes, out _, out fault);
        return fault;
    }
}
