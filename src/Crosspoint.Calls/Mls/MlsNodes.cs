namespace Crosspoint.Calls.Mls;

/// <summary>The parts of trees and paths (RFC 9420 §5.3, §7.1, §7.2, §7.6): walked through for their shape.</summary>
internal static class MlsNodes
{
    private const ushort BasicCredential = 1;
    private const ushort CertificateCredential = 2;

    /// <summary>
    /// LeafNode: encryption_key, signature_key, credential, capabilities, source with what belongs to it, extensions, signature.
    /// </summary>
    public static void ReadLeaf(ref MlsCursor cursor, out ReadOnlySpan<byte> identity, out ReadOnlySpan<byte> signatureKey)
    {
        cursor.ReadOpaque();
        signatureKey = cursor.ReadOpaque();
        identity = ReadCredential(ref cursor);
        SkipCapabilities(ref cursor);
        SkipSource(ref cursor);
        SkipExtensions(ref cursor);
        cursor.ReadOpaque();
    }

    public static void SkipLeaf(ref MlsCursor cursor) => ReadLeaf(ref cursor, out _, out _);

    /// <summary>ParentNode: encryption_key, parent_hash, unmerged_leaves.</summary>
    public static void SkipParent(ref MlsCursor cursor)
    {
        cursor.ReadOpaque();
        cursor.ReadOpaque();
        cursor.SkipVectorOf(sizeof(uint));
    }

    /// <summary>UpdatePath: a leaf, then for each node a key and the path secret for everybody below.</summary>
    public static void SkipPath(ref MlsCursor cursor)
    {
        SkipLeaf(ref cursor);
        int nodes = cursor.Enter();
        while (!cursor.IsAtEnd)
        {
            cursor.ReadOpaque();
            int secrets = cursor.Enter();
            while (!cursor.IsAtEnd)
            {
                cursor.ReadOpaque();
                cursor.ReadOpaque();
            }

            cursor.Leave(secrets);
        }

        cursor.Leave(nodes);
    }

    /// <summary>KeyPackage (§10): version, suite, init_key, leaf, extensions, signature.</summary>
    public static void SkipKeyPackage(ref MlsCursor cursor)
    {
        cursor.FailUnless(cursor.ReadUInt16() == MlsReader.ProtocolVersion, MlsFault.Version);
        cursor.ReadUInt16();
        cursor.ReadOpaque();
        SkipLeaf(ref cursor);
        SkipExtensions(ref cursor);
        cursor.ReadOpaque();
    }

    public static void SkipExtensions(ref MlsCursor cursor)
    {
        int outer = cursor.Enter();
        while (!cursor.IsAtEnd)
        {
            cursor.ReadUInt16();
            cursor.ReadOpaque();
        }

        cursor.Leave(outer);
    }

    private static ReadOnlySpan<byte> ReadCredential(ref MlsCursor cursor)
    {
        switch (cursor.ReadUInt16())
        {
            case BasicCredential:
                return cursor.ReadOpaque();
            case CertificateCredential:
                int outer = cursor.Enter();
                while (!cursor.IsAtEnd)
                {
                    cursor.ReadOpaque();
                }

                cursor.Leave(outer);
                return default;
            default:
                cursor.Fail(MlsFault.Credential);
                return default;
        }
    }

    // Versions, suites, extensions, proposals, credentials: lists of numbers.
    private static void SkipCapabilities(ref MlsCursor cursor)
    {
        for (int list = 0; list < 5; list++)
        {
            cursor.SkipVectorOf(sizeof(ushort));
        }
    }

    private static void SkipSource(ref MlsCursor cursor)
    {
        switch (cursor.ReadByte())
        {
            case 1: // key_package: Lifetime
                cursor.ReadUInt64();
                cursor.ReadUInt64();
                break;
            case 2: // update
                break;
            case 3: // commit: parent_hash
                cursor.ReadOpaque();
                break;
            default:
                cursor.Fail(MlsFault.LeafSource);
                break;
        }
    }
}
