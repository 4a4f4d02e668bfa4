namespace Crosspoint.Calls.Mls;

/// <summary>ProposalOrRef proposals&lt;V&gt; of a commit (RFC 9420 §12.1, §12.4).</summary>
internal static class MlsProposals
{
    private const byte ByValue = 1;
    private const byte ByReference = 2;

    public static List<MlsProposal> Read(ref MlsCursor cursor)
    {
        List<MlsProposal> proposals = [];
        int outer = cursor.Enter();
        while (!cursor.IsAtEnd)
        {
            if (proposals.Count == MlsLimits.MaxProposals)
            {
                cursor.Fail(MlsFault.TooManyProposals);
                break;
            }

            switch (cursor.ReadByte())
            {
                case ByValue:
                    proposals.Add(ReadOne(ref cursor));
                    break;
                case ByReference:
                    cursor.Fail(MlsFault.ProposalByReference);
                    break;
                default:
                    cursor.Fail(MlsFault.UnknownProposal);
                    break;
            }
        }

        cursor.Leave(outer);
        return proposals;
    }

    private static MlsProposal ReadOne(ref MlsCursor cursor)
    {
        var kind = (MlsProposalKind)cursor.ReadUInt16();
        uint removed = 0;
        switch (kind)
        {
            case MlsProposalKind.Add:
                MlsNodes.SkipKeyPackage(ref cursor);
                break;
            case MlsProposalKind.Update:
                MlsNodes.SkipLeaf(ref cursor);
                break;
            case MlsProposalKind.Remove:
                removed = cursor.ReadUInt32();
                break;
            case MlsProposalKind.PreSharedKey:
                SkipPreSharedKey(ref cursor);
                break;
            case MlsProposalKind.ReInit:
                SkipReInit(ref cursor);
                break;
            case MlsProposalKind.ExternalInit:
                cursor.ReadOpaque();
                break;
            case MlsProposalKind.GroupContextExtensions:
                MlsNodes.SkipExtensions(ref cursor);
                break;
            default:
                cursor.Fail(MlsFault.UnknownProposal);
                break;
        }

        return new(kind, removed);
    }

    // PreSharedKeyID (§8.4): external: psk_id; resumption: usage, group, epoch; then a nonce.
    private static void SkipPreSharedKey(ref MlsCursor cursor)
    {
        switch (cursor.ReadByte())
        {
            case 1:
                cursor.ReadOpaque();
                break;
            case 2:
                cursor.ReadByte();
                cursor.ReadOpaque();
                cursor.ReadUInt64();
                break;
            default:
                cursor.Fail(MlsFault.PreSharedKey);
                break;
        }

        cursor.ReadOpaque();
    }

    // Group, version, suite, extensions of the group that follows.
    private static void SkipReInit(ref MlsCursor cursor)
    {
        cursor.ReadOpaque();
        cursor.ReadUInt16();
        cursor.ReadUInt16();
        MlsNodes.SkipExtensions(ref cursor);
    }
}
