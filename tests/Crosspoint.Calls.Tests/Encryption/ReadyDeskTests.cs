using Crosspoint.Calls.Encryption;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>Who has the epoch, when senders switch, and what becomes of those who stay behind.</summary>
public class ReadyDeskTests
{
    private static readonly byte[] OtherTag = [.. Enumerable.Repeat((byte)9, 16)];

    // d1 says E2EE_READY after d0 made epoch 6.
    private static readonly (string Name, string? Code, bool IsReady, Func<KeyScene, Verdict> Says)[] Rows =
    [
        ("with the right tag", null, true, scene => scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag)),
        ("for the epoch before", ErrorCodes.E2eeEpochMismatch, false, scene => scene.Ready.Handle(KeyScene.At(20), scene[1], 5, KeyScene.Tag)),
        ("for an epoch to come", ErrorCodes.E2eeEpochMismatch, false, scene => scene.Ready.Handle(KeyScene.At(20), scene[1], 7, KeyScene.Tag)),
        ("with another tag", ErrorCodes.E2eeTagMismatch, false, scene => scene.Ready.Handle(KeyScene.At(20), scene[1], 6, OtherTag)),
        ("with a shorter tag", ErrorCodes.E2eeTagMismatch, false, scene => scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag.AsSpan(1))),
        ("with no tag", ErrorCodes.E2eeTagMismatch, false, scene => scene.Ready.Handle(KeyScene.At(20), scene[1], 6, [])),
        ("without a leaf", ErrorCodes.E2eeNotReady, false, scene => scene.Ready.Handle(KeyScene.At(20), scene.Add("new", null), 6, KeyScene.Tag)),
        ("while it leaves", ErrorCodes.E2eeNotReady, false, scene => { scene[1].Leaving = RekeyCause.Leave; return scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag); }),
        ("after it lost its state", ErrorCodes.E2eeNotReady, false, scene => { scene[1].HasLostState = true; return scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag); }),
    ];

    [Fact]
    public void Readiness_is_proved() => Assert.All(Rows, row =>
    {
        KeyScene scene = Committed(3);
        Verdict verdict = row.Says(scene);
        Assert.Equal((row.Name, row.Code), (row.Name, verdict.Code));
        Assert.Equal(row.IsReady, scene[1].ReadyEpoch == 6);
    });

    [Fact]
    public void Who_has_another_tag_comes_in_anew()
    {
        KeyScene scene = Committed(4);
        scene.Ready.Handle(KeyScene.At(20), scene[1], 6, OtherTag);
        Assert.Equal((RekeyCause.Resync, true), (scene[1].Waiting, scene[1].HasLostState));
        Assert.Contains("Resync", scene.Said);
    }

    [Fact]
    public void When_most_have_another_tag_the_committer_goes_and_the_group_with_it()
    {
        KeyScene scene = Committed(4);
        scene.Ready.Handle(KeyScene.At(20), scene[1], 6, OtherTag);
        scene.Ready.Handle(KeyScene.At(30), scene[2], 6, OtherTag);
        Assert.True(scene[0].IsEvicted);
        Assert.Equal((2L, false), (scene.Room.Group.Generation, scene.Room.Group.Exists));
        Assert.Contains("evicted d0 Fault", scene.Said);
    }

    [Fact]
    public void Senders_switch_when_all_are_ready()
    {
        KeyScene scene = Committed(3);
        scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag);
        Assert.False(scene.Room.Ready.IsActive);
        scene.Ready.Handle(KeyScene.At(30), scene[2], 6, KeyScene.Tag);
        Assert.True(scene.Room.Ready.IsActive);
        Assert.Contains("active 6 3/3", scene.Said);
    }

    [Fact]
    public void Who_has_no_socket_is_not_waited_for()
    {
        KeyScene scene = Committed(3);
        scene[2].IsConnected = false;
        scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag);
        Assert.Contains("active 6 2/3", scene.Said);
    }

    [Fact]
    public void Nobody_slow_holds_up_the_switch_but_is_cut_and_then_put_out()
    {
        KeyScene scene = Committed(3);
        scene.Ready.Handle(KeyScene.At(20), scene[1], 6, KeyScene.Tag);
        scene.Ready.Advance(KeyScene.At(1010));
        Assert.Contains("active 6 2/3 forced", scene.Said);
        scene.Ready.Advance(KeyScene.At(11_009));
        Assert.DoesNotContain("cut d2", scene.Said);
        scene.Ready.Advance(KeyScene.At(11_010));
        Assert.Contains("cut d2", scene.Said);
        scene.Ready.Advance(KeyScene.At(31_009));
        Assert.False(scene[2].IsEvicted);
        scene.Ready.Advance(KeyScene.At(31_010));
        Assert.True(scene[2] is { IsEvicted: true, Leaving: RekeyCause.Fault });
        Assert.Contains("evicted d2 Lagging", scene.Said);
    }

    [Fact]
    public void Who_catches_up_is_heard_again()
    {
        KeyScene scene = Committed(2);
        scene.Ready.Advance(KeyScene.At(1010));
        scene.Ready.Advance(KeyScene.At(11_010));
        Assert.True(scene.Ready.Handle(KeyScene.At(12_000), scene[1], 6, KeyScene.Tag).IsDone);
        Assert.Equal(["cut d1", "forward d1"], scene.Said.Where(line => line.EndsWith(" d1", StringComparison.Ordinal)));
        scene.Ready.Advance(KeyScene.At(60_000));
        Assert.False(scene[1].IsEvicted);
    }

    // d0 made epoch 6 at 10 ms.
    private static KeyScene Committed(int members)
    {
        KeyScene scene = new(members);
        Assert.True(scene.Commits.Handle(KeyScene.At(10), scene[0], scene.Offer(scene.Grant(scene[0], RekeyCause.Request))).IsDone);
        scene.Ready.Mark(KeyScene.At(10), scene[0]);
        return scene;
    }
}
