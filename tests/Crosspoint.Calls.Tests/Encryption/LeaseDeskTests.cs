using Crosspoint.Calls.Encryption;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>What is due first, who makes it, and what becomes of leases that come to nothing.</summary>
public class LeaseDeskTests
{
    // Of four members d3 is the one something happens to; epoch 5 of three that can commit is d2's turn.
    private static readonly (string Name, double AtMs, Action<KeyScene> Happens, string? Lease)[] Rows =
    [
        ("nothing", 1000, _ => { }, null),
        ("it is time", 130_000, _ => { }, "lease Periodic"),
        ("somebody asked", 1000, scene => scene.Leases.Request(), "lease Request"),
        ("somebody asked just after a commit", 100, scene => scene.Leases.Request(), null),
        ("somebody is kicked", 0, scene => Go(scene, RekeyCause.Kick), "lease Kick"),
        ("somebody left a moment ago", 1100, scene => Go(scene, RekeyCause.Leave), null),
        ("somebody left and nobody followed", 1250, scene => Go(scene, RekeyCause.Leave), "lease Leave"),
        ("somebody was put out", 1000, scene => Go(scene, RekeyCause.Fault), "lease Fault"),
        ("somebody wants in", 100, scene => Want(scene, "new", null), "lease Join new"),
        ("somebody wants in later", 100, scene => Want(scene, "new", null, fromMs: 500), null),
        ("somebody lost its state", 100, scene => Want(scene, "d3", 3), "lease Resync d3"),
        ("somebody wants in whose former leaf is there still", 1000, scene => Want(scene, "d3", null), null),
        ("a kick before who wants in", 0, scene => { Go(scene, RekeyCause.Kick); Want(scene, "new", null); }, "lease Kick"),
        ("who lost its state before who wants in", 100, scene => { Want(scene, "new", null); Want(scene, "d3", 3); }, "lease Resync d3"),
        ("who wants in before who asks", 1000, scene => { scene.Leases.Request(); Want(scene, "new", null); }, "lease Join new"),
        ("who waited first", 100, scene => { Want(scene, "one", null); Want(scene, "two", null); }, "lease Join one"),
        ("who has no socket is passed over", 100, scene => { Want(scene, "one", null).IsConnected = false; Want(scene, "two", null); }, "lease Join two"),
    ];

    [Fact]
    public void The_more_urgent_comes_first() => Assert.All(Rows, row =>
    {
        KeyScene scene = new(4);
        row.Happens(scene);
        scene.Leases.Pump(KeyScene.At(row.AtMs));
        string? said = scene.Said.Find(line => line.StartsWith("lease", StringComparison.Ordinal));
        Assert.True(row.Lease is null ? said is null : said?.StartsWith(row.Lease, StringComparison.Ordinal) == true, $"{row.Name}: {said}");
    });

    [Fact]
    public void Every_leaf_has_its_turn()
    {
        HashSet<string> holders = [];
        for (int epoch = 0; epoch < 3; epoch++)
        {
            KeyScene scene = new(3);
            for (int begun = 0; begun < epoch; begun++)
            {
                scene.Room.Group.Begin(Instant.Zero, KeyScene.MlsEpoch, KeyScene.Tag, [1], scene[0]);
            }

            foreach (KeyMember member in scene.Room.Roster.All)
            {
                member.ReadyEpoch = scene.Room.Group.Epoch;
            }

            scene.Leases.Request();
            scene.Leases.Pump(KeyScene.At(1000));
            holders.Add(scene.Room.Leases.Current!.Holder.Device);
        }

        Assert.Equal(3, holders.Count);
    }

    [Fact]
    public void Who_fails_twice_is_not_asked_for_a_while_unless_there_is_nobody_else()
    {
        KeyScene scene = new(2);
        for (int failure = 0; failure < 2; failure++)
        {
            scene.Grant(scene[0], RekeyCause.Request);
            scene.Leases.Fail(KeyScene.At(0));
        }

        scene.Leases.Request();
        scene.Leases.Pump(KeyScene.At(1000));
        Assert.Equal("d1", scene.Room.Leases.Current!.Holder.Device);
        scene.Leases.Withdraw(scene[1]);
        scene[1].IsConnected = false;
        scene.Leases.Pump(KeyScene.At(2000));
        Assert.Equal("d0", scene.Room.Leases.Current!.Holder.Device);
    }

    [Fact]
    public void Five_leases_of_members_in_vain_end_the_group_and_everybody_comes_in_anew()
    {
        KeyScene scene = new(3);
        for (int failure = 0; failure < 5; failure++)
        {
            scene.Grant(scene[failure % 3], RekeyCause.Request);
            scene.Leases.Fail(KeyScene.At(0));
        }

        Assert.Equal((2L, false, KeyScene.Epoch), (scene.Room.Group.Generation, scene.Room.Group.Exists, scene.Room.Group.Epoch));
        Assert.All(scene.Room.Roster.All, member => Assert.Equal((null, RekeyCause.Join), (member.Leaf, member.Waiting)));
        scene.Leases.Pump(KeyScene.At(0));
        Assert.Equal(RekeyCause.Create, scene.Room.Leases.Current!.Cause);
    }

    [Fact]
    public void A_joiner_that_fails_goes_to_the_end_of_the_line_and_after_three_times_out_of_it()
    {
        KeyScene scene = new(1);
        KeyMember joiner = Want(scene, "one", null);
        Want(scene, "two", null);
        for (int failure = 1; failure <= 3; failure++)
        {
            scene.Grant(joiner, RekeyCause.Join);
            scene.Leases.Fail(KeyScene.At(0));
            Assert.Equal(failure < 3, joiner.Waiting is not null);
        }

        scene.Leases.Pump(KeyScene.At(10_000));
        Assert.Equal("two", scene.Room.Leases.Current!.Holder.Device);
    }

    [Fact]
    public void A_kick_takes_the_lease_from_whatever_is_less_urgent()
    {
        KeyScene scene = new(3);
        scene.Grant(Want(scene, "new", null), RekeyCause.Join);
        Go(scene, RekeyCause.Kick, 2);
        scene.Leases.Pump(KeyScene.At(0));
        Assert.Equal((RekeyCause.Kick, "d2"), (scene.Room.Leases.Current!.Cause, Assert.Single(scene.Room.Leases.Current.Removes).Device));
    }

    [Fact]
    public void A_group_that_nobody_can_go_on_with_is_given_up_when_somebody_waits()
    {
        KeyScene scene = new(2);
        scene[0].ReadyEpoch = scene[1].ReadyEpoch = KeyMember.NoEpoch;
        scene.Leases.Pump(KeyScene.At(0));
        Assert.Equal(1, scene.Room.Group.Generation);
        Want(scene, "new", null);
        scene.Leases.Pump(KeyScene.At(0));
        Assert.Equal((1L, KeyScene.At(3000)), (scene.Room.Group.Generation, scene.Leases.NextTimeout));
        scene.Leases.Pump(KeyScene.At(3000));
        Assert.Equal(2, scene.Room.Group.Generation);
    }

    private static void Go(KeyScene scene, RekeyCause cause, int who = 3)
    {
        (scene[who].Leaving, scene[who].LeavingSince) = (cause, KeyScene.At(1000));
        scene[who].IsEvicted = cause == RekeyCause.Fault;
    }

    private static KeyMember Want(KeyScene scene, string device, int? leaf, double fromMs = 0)
    {
        KeyMember member = leaf is null ? scene.Add(device, null) : scene[leaf.Value];
        member.HasLostState = leaf is not null;
        member.ReadyEpoch = KeyMember.NoEpoch;
        scene.Leases.Enqueue(member, leaf is null ? RekeyCause.Join : RekeyCause.Resync, KeyScene.At(fromMs));
        return member;
    }
}
