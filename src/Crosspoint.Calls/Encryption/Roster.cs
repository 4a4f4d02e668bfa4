using System.Diagnostics.CodeAnalysis;

namespace Crosspoint.Calls.Encryption;

/// <summary>Who is in the room and who still has a leaf, by device and by leaf.</summary>
/// <remarks>The room's actor owns it. A device that came back with another key stands here twice until its former leaf is removed; only the newer one is found by name.</remarks>
internal sealed class Roster
{
    // state
    private readonly List<KeyMember> _all = [];
    private readonly Dictionary<string, KeyMember> _byDevice = new(StringComparer.Ordinal);
    private readonly Dictionary<int, KeyMember> _byLeaf = [];

    internal IReadOnlyList<KeyMember> All => _all;

    internal int Leaves => _byLeaf.Count;

    internal bool TryGet(string device, [NotNullWhen(true)] out KeyMember? member) => _byDevice.TryGetValue(device, out member);

    internal KeyMember? AtLeaf(int leaf) => _byLeaf.GetValueOrDefault(leaf);

    internal void Add(KeyMember member)
    {
        _all.Add(member);
        _byDevice[member.Device] = member;
        if (member.Leaf is { } leaf)
        {
            _byLeaf[leaf] = member;
        }
    }

    /// <summary>Gives a member a leaf, or takes it away.</summary>
    internal void Seat(KeyMember member, int? leaf)
    {
        if (member.Leaf is { } former && _byLeaf.GetValueOrDefault(former) == member)
        {
            _byLeaf.Remove(former);
        }

        member.Leaf = leaf;
        if (leaf is { } taken)
        {
            _byLeaf[taken] = member;
        }
    }

    internal void Remove(KeyMember member)
    {
        Seat(member, null);
        _all.Remove(member);
        if (_byDevice.GetValueOrDefault(member.Device) == member)
        {
            _byDevice.Remove(member.Device);
        }
    }

    /// <summary>Whether an earlier leaf of the same device is still there.</summary>
    internal bool HasFormerLeaf(KeyMember member)
    {
        foreach (KeyMember other in _all)
        {
            if (other != member && other.Leaf is not null && other.Device == member.Device)
            {
                return true;
            }
        }

        return false;
    }
}
