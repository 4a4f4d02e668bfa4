using System.Text.Json;
using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Tests.Mls;

/// <summary>The messages of the working group's vectors: of every suite, every proposal, many libraries' shapes.</summary>
public class MlsVectorTests
{
    [VectorFact]
    public void Messages_are_told_apart()
    {
        int seen = 0;
        foreach (JsonElement set in Items("mls/messages.json"))
        {
            seen++;
            Assert.Equal(MlsFault.None, Info(set, "mls_group_info"));
            Assert.True(Commit(set, "public_message_commit") is MlsFault.None or MlsFault.ProposalByReference);
            Assert.Equal(MlsFault.ContentType, Commit(set, "public_message_application"));
            Assert.Equal(MlsFault.ContentType, Commit(set, "public_message_proposal"));
            Assert.Equal(MlsFault.WireFormat, Commit(set, "private_message"));
            Assert.Equal(MlsFault.WireFormat, Info(set, "mls_welcome"));
            Assert.Equal(MlsFault.WireFormat, Info(set, "mls_key_package"));
        }

        Assert.True(seen > 100);
    }

    [VectorFact]
    public void Proposals_of_every_kind_are_walked_through()
    {
        string[] kinds = ["add", "update", "remove", "pre_shared_key", "re_init", "external_init", "group_context_extensions"];
        foreach (JsonElement set in Items("mls/messages.json"))
        {
            for (int kind = 1; kind <= kinds.Length; kind++)
            {
                byte[] proposal = [1, 0, (byte)kind, .. Bytes(set, kinds[kind - 1] + "_proposal")];
                byte[] vector = [(byte)(0x80 | (proposal.Length >> 24)), (byte)(proposal.Length >> 16), (byte)(proposal.Length >> 8), (byte)proposal.Length];
                vector = proposal.Length < 64 ? [(byte)proposal.Length] : proposal.Length < 1 << 14 ? [(byte)(0x40 | (proposal.Length >> 8)), (byte)proposal.Length] : vector;
                MlsCursor cursor = new([.. vector, .. proposal]);
                IReadOnlyList<MlsProposal> read = MlsProposals.Read(ref cursor);
                cursor.Close();
                Assert.Equal((MlsFault.None, (MlsProposalKind)kind), (cursor.Fault, read.Single().Kind));
            }
        }
    }

    [VectorFact]
    public void Commits_of_whole_group_lives_are_read()
    {
        Dictionary<MlsFault, int> seen = [];
        foreach (string file in (string[])["welcome", "handling-commit", "random"])
        {
            foreach (JsonElement client in Items($"mls/passive-client-{file}.json"))
            {
                foreach (JsonElement epoch in client.GetProperty("epochs").EnumerateArray())
                {
                    MlsFault fault = Commit(epoch, "commit");
                    seen[fault] = seen.GetValueOrDefault(fault) + 1;
                }
            }
        }

        Assert.Superset(seen.Keys.ToHashSet(), new HashSet<MlsFault> { MlsFault.None, MlsFault.ProposalByReference, MlsFault.WireFormat });
        Assert.True(seen[MlsFault.None] > 10, string.Join(' ', seen));
    }

    [VectorFact]
    public void Trees_are_read()
    {
        int seen = 0;
        foreach (JsonElement set in Items("mls/tree-validation.json"))
        {
            seen++;
            MlsCursor cursor = new(Bytes(set, "tree"));
            List<MlsLeaf> leaves = MlsTree.Read(ref cursor);
            cursor.Close();
            Assert.Equal(MlsFault.None, cursor.Fault);
            Assert.All(leaves, leaf => Assert.True(2 * leaf.Index < set.GetProperty("tree_hashes").GetArrayLength()));
        }

        Assert.True(seen > 10);
    }

    private static JsonElement.ArrayEnumerator Items(string file)
    {
        using FileStream stream = File.OpenRead(VectorFactAttribute.PathOf(file));
        return JsonDocument.Parse(stream).RootElement.EnumerateArray();
    }

    private static byte[] Bytes(JsonElement set, string name) => Convert.FromHexString(set.GetProperty(name).GetString()!);

    private static MlsFault Info(JsonElement set, string name)
    {
        MlsReader.TryReadGroupInfo(Bytes(set, name), out _, out MlsFault fault);
        return fault;
    }

    private static MlsFault Commit(JsonElement set, string name)
    {
        MlsReader.TryReadCommit(Bytes(set, name), out _, out MlsFault fault);
        return fault;
    }
}
