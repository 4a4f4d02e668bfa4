using System.Text;
using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Tests.Mls;

public class MlsGoldenTests
{
    [Fact]
    public void Commits_of_the_client_library_are_read()
    {
        Assert.True(GoldenFrames.Commits.Count >= 10);
        foreach (GoldenFrame frame in GoldenFrames.Commits)
        {
            Assert.True(MlsReader.TryReadCommit(frame.Bytes, out MlsCommit? commit, out MlsFault fault), $"{frame.Name}: {fault}");
            Assert.Equal(frame.Text("groupId"), Convert.ToHexStringLower(commit.GroupId.Span));
            Assert.Equal(frame.Number("epoch"), (long)commit.Epoch);
            Assert.Equal(new MlsSender((MlsSenderKind)frame.Number("sender"), (uint)frame.Number("leaf")), commit.Sender);
            Assert.Equal(frame.Flag("path"), commit.HasPath);
            Assert.Equal(
                frame.Items("proposals").Select(p => new MlsProposal((MlsProposalKind)p.GetProperty("kind").GetInt32(), p.GetProperty("leaf").GetUInt32())),
                commit.Proposals);
        }
    }

    [Fact]
    public void GroupInfos_of_the_client_library_are_read()
    {
        Assert.True(GoldenFrames.GroupInfos.Count >= 10);
        foreach (GoldenFrame frame in GoldenFrames.GroupInfos)
        {
            Assert.True(MlsReader.TryReadGroupInfo(frame.Bytes, out MlsGroupInfo? info, out MlsFault fault), $"{frame.Name}: {fault}");
            Assert.Equal(frame.Text("groupId"), Convert.ToHexStringLower(info.GroupId.Span));
            Assert.Equal(frame.Number("epoch"), (long)info.Epoch);
            Assert.Equal(frame.Number("suite"), info.CipherSuite);
            Assert.Equal(frame.Number("signer"), info.SignerLeaf);
            Assert.Equal(frame.Flag("externalPub"), info.HasExternalPub);
            Assert.Equal(
                frame.Items("leaves").Select(l => (l.GetProperty("index").GetUInt32(), l.GetProperty("identity").GetString()!, l.GetProperty("key").GetString()!)),
                info.Leaves.Select(l => (l.Index, Encoding.UTF8.GetString(l.Identity.Span), Convert.ToHexStringLower(l.SignatureKey.Span))));
        }
    }

    [Fact]
    public void What_is_no_commit_by_value_in_the_clear_is_refused()
    {
        Assert.Equal(3, GoldenFrames.Refused.Count);
        foreach (GoldenFrame frame in GoldenFrames.Refused)
        {
            Assert.False(MlsReader.TryReadCommit(frame.Bytes, out _, out MlsFault fault), frame.Name);
            Assert.Equal(frame.Text("fault"), fault.ToString());
        }
    }

    [Fact]
    public void A_message_of_the_other_kind_is_refused()
    {
        Assert.False(MlsReader.TryReadGroupInfo(GoldenFrames.Commits[0].Bytes, out _, out MlsFault fault));
        Assert.Equal(MlsFault.WireFormat, fault);
        Assert.False(MlsReader.TryReadCommit(GoldenFrames.GroupInfos[0].Bytes, out _, out fault));
        Assert.Equal(MlsFault.WireFormat, fault);
    }
}
