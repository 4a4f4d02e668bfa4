using Crosspoint.Calls.Encryption;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>Who is found by device, who by leaf.</summary>
public class RosterTests
{
    private static readonly (string Name, Action<KeyScene> Happens, string Leaves, string Devices)[] Rows =
    [
        ("as they came", _ => { }, "0:d0 1:d1", "d0 d1"),
        ("one moves", scene => scene.Room.Roster.Seat(scene[0], 5), "1:d1 5:d0", "d0 d1"),
        ("one stands up", scene => scene.Room.Roster.Seat(scene[0], null), "1:d1", "d0 d1"),
        ("one goes", scene => scene.Room.Roster.Remove(scene[0]), "1:d1", "d1"),
        ("one takes another's leaf, who stands up after", scene => { scene.Room.Roster.Seat(scene[0], 1); scene.Room.Roster.Seat(scene[1], null); }, "1:d0", "d0 d1"),
        ("one comes back with another key, its former leaf stays", scene => scene.Add("d1", null), "0:d0 1:d1", "d0 d1"),
        ("and the former one goes", scene => { KeyMember former = scene[1]; scene.Add("d1", null); scene.Room.Roster.Remove(former); }, "0:d0", "d0 d1"),
    ];

    [Fact]
    public void By_leaf_and_by_device() => Assert.All(Rows, row =>
    {
        KeyScene scene = new(2);
        row.Happens(scene);
        Roster roster = scene.Room.Roster;
        string leaves = string.Join(' ', Enumerable.Range(0, 10).Where(leaf => roster.AtLeaf(leaf) is not null).Select(leaf => $"{leaf}:{roster.AtLeaf(leaf)!.Device}"));
        string devices = string.Join(' ', new[] { "d0", "d1" }.Where(device => roster.TryGet(device, out _)));
        Assert.Equal((row.Name, row.Leaves, row.Devices), (row.Name, leaves, devices));
        Assert.Equal(row.Leaves.Length == 0 ? 0 : row.Leaves.Split(' ').Length, roster.Leaves);
    });

    [Fact]
    public void Of_two_of_one_device_the_newer_is_found_and_knows_of_the_former_leaf()
    {
        KeyScene scene = new(2);
        KeyMember former = scene[1];
        KeyMember newer = scene.Add("d1", null);
        Assert.True(scene.Room.Roster.TryGet("d1", out KeyMember? found));
        Assert.Same(newer, found);
        Assert.True(scene.Room.Roster.HasFormerLeaf(newer));
        scene.Room.Roster.Remove(former);
        Assert.True(scene.Room.Roster.TryGet("d1", out found));
        Assert.Same(newer, found);
        Assert.False(scene.Room.Roster.HasFormerLeaf(newer));
    }
}
