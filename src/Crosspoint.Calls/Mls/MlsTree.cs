namespace Crosspoint.Calls.Mls;

/// <summary>The ratchet_tree extension: optional&lt;Node&gt; ratchet_tree&lt;V&gt; (RFC 9420 §12.4.3.3).</summary>
/// <remarks>Nodes stand from left to right: leaf 0, a parent, leaf 1, a parent … up to the last one that is not blank.</remarks>
internal static class MlsTree
{
    private const byte Leaf = 1;
    private const byte Parent = 2;

    public static List<MlsLeaf> Read(ref MlsCursor cursor)
    {
        List<MlsLeaf> leaves = [];
        bool endsInBlank = false;
        int outer = cursor.Enter();
        for (uint node = 0; !cursor.IsAtEnd; node++)
        {
            if (node > 2 * (MlsLimits.MaxLeaves - 1))
            {
                cursor.Fail(MlsFault.TooManyLeaves);
                break;
            }

            bool present = cursor.ReadPresence();
            endsInBlank = !present;
            if (present)
            {
                ReadNode(ref cursor, node, leaves);
            }
        }

        cursor.Leave(outer);
        cursor.FailUnless(!endsInBlank && leaves.Count > 0, MlsFault.Tree);
        return leaves;
    }

    private static void ReadNode(ref MlsCursor cursor, uint node, List<MlsLeaf> leaves)
    {
        bool isLeaf = (node & 1) == 0;
        cursor.FailUnless(cursor.ReadByte() == (isLeaf ? Leaf : Parent), MlsFault.Tree);
        if (!isLeaf)
        {
            MlsNodes.SkipParent(ref cursor);
            return;
        }

        MlsNodes.ReadLeaf(ref cursor, out ReadOnlySpan<byte> identity, out ReadOnlySpan<byte> signatureKey);
        leaves.Add(new(node / 2, identity.ToArray(), signatureKey.ToArray()));
    }
}
