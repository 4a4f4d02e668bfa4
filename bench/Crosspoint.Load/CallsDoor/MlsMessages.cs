using System.Buffers.Binary;

namespace Crosspoint.Load.CallsDoor;

/// <summary>Commits and GroupInfos in the form of RFC 9420 with nothing secret in them: what the server looks at is right, keys and signatures are made up.</summary>
/// <remarks>The conformance tests' devices write with it too.</remarks>
internal static class MlsMessages
{
    /// <summary>A commit; from outside when <paramref name="sender"/> is null.</summary>
    public static byte[] Commit(byte[] group, ulong epoch, int? sender, IEnumerable<int> removes, byte[] key, byte[] identity, bool hasPath = true, byte[]? furtherProposals = null)
    {
        List<byte> bytes = [0, 1, 0, 1];
        Opaque(bytes, group);
        Number(bytes, epoch, 8);
        bytes.Add(sender is null ? (byte)4 : (byte)1);
        if (sender is { } leaf)
        {
            Number(bytes, (ulong)leaf, 4);
        }

        Opaque(bytes, []);
        bytes.Add(3);
        List<byte> proposals = [];
        if (sender is null)
        {
            proposals.AddRange([1, 0, 6]);
            Opaque(proposals, new byte[32]);
        }

        foreach (int removed in removes)
        {
            proposals.AddRange([1, 0, 3]);
            Number(proposals, (ulong)removed, 4);
        }

        proposals.AddRange(furtherProposals ?? []);
        Opaque(bytes, [.. proposals]);
        bytes.Add(hasPath ? (byte)1 : (byte)0);
        if (hasPath)
        {
            Leaf(bytes, key, identity, source: 3);
            Opaque(bytes, []);
        }

        Opaque(bytes, new byte[64]);
        Opaque(bytes, new byte[32]);
        if (sender is not null)
        {
            Opaque(bytes, new byte[32]);
        }

        return [.. bytes];
    }

    /// <summary>The group in an epoch, as a leaf of it tells.</summary>
    public static byte[] GroupInfo(byte[] group, ulong epoch, int signer, IReadOnlyDictionary<int, (byte[] Key, byte[] Identity)> leaves)
    {
        List<byte> tree = [];
        int last = leaves.Keys.Max();
        for (int node = 0; node <= 2 * last; node++)
        {
            if (node % 2 != 0 || !leaves.TryGetValue(node / 2, out (byte[] Key, byte[] Identity) leaf))
            {
                tree.Add(0);
                continue;
            }

            tree.AddRange([1, 1]);
            Leaf(tree, leaf.Key, leaf.Identity, source: 1);
        }

        List<byte> treeExtension = [];
        Opaque(treeExtension, [.. tree]);
        List<byte> extensions = [0, 2];
        Opaque(extensions, [.. treeExtension]);
        extensions.AddRange([0, 4]);
        Opaque(extensions, new byte[32]);

        List<byte> bytes = [0, 1, 0, 4, 0, 1, 0, 1];
        Opaque(bytes, group);
        Number(bytes, epoch, 8);
        Opaque(bytes, new byte[32]);
        Opaque(bytes, new byte[32]);
        Opaque(bytes, []);
        Opaque(bytes, [.. extensions]);
        Opaque(bytes, new byte[32]);
        Number(bytes, (ulong)signer, 4);
        Opaque(bytes, new byte[64]);
        return [.. bytes];
    }

    private static void Leaf(List<byte> bytes, byte[] key, byte[] identity, byte source)
    {
        Opaque(bytes, new byte[32]);
        Opaque(bytes, key);
        bytes.AddRange([0, 1]);
        Opaque(bytes, identity);
        for (int list = 0; list < 5; list++)
        {
            Opaque(bytes, []);
        }

        bytes.Add(source);
        if (source == 1)
        {
            bytes.AddRange(new byte[16]);
        }
        else
        {
            Opaque(bytes, new byte[32]);
        }

        Opaque(bytes, []);
        Opaque(bytes, new byte[64]);
    }

    // RFC 9420 §2.1.2: the length in as few bytes as it needs.
    private static void Opaque(List<byte> bytes, byte[] content)
    {
        Span<byte> length = stackalloc byte[4];
        switch (content.Length)
        {
            case < 64:
                bytes.Add((byte)content.Length);
                break;
            case < 16384:
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length | 0x4000));
                bytes.AddRange(length[..2]);
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(length, (uint)content.Length | 0x80000000);
                bytes.AddRange(length);
                break;
        }

        bytes.AddRange(content);
    }

    private static void Number(List<byte> bytes, ulong value, int size)
    {
        for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
        {
            bytes.Add((byte)(value >> shift));
        }
    }
}
