using Crosspoint.Calls.Encryption;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>S2, S3 and S8: one commit an epoch, under its lease, kept before anybody hears of it.</summary>
public class CommitDeskTests
{
    private static readonly (string Name, string? Code, double AtMs, int From, Func<CommitOffer, CommitOffer> Change)[] Rows =
    [
        ("as asked", null, 10, 0, offer => offer),
        ("in its last moment", null, 2999, 0, offer => offer),
        ("when it has run out, whoever looked", ErrorCodes.E2eeLeaseInvalid, 3000, 0, offer => offer),
        ("by another", ErrorCodes.E2eeLeaseInvalid, 10, 1, offer => offer),
        ("under another lease", ErrorCodes.E2eeLeaseInvalid, 10, 0, offer => offer with { LeaseId = "L99" }),
        ("for the current epoch", ErrorCodes.E2eeStaleEpoch, 10, 0, offer => offer with { Epoch = KeyScene.Epoch }),
        ("for an earlier one", ErrorCodes.E2eeStaleEpoch, 10, 0, offer => offer with { Epoch = 1 }),
        ("for one beyond the next", ErrorCodes.E2eeEpochMismatch, 10, 0, offer => offer with { Epoch = KeyScene.Epoch + 2 }),
        ("that is none", ErrorCodes.E2eeBadCommit, 10, 0, offer => offer with { Commit = [9] }),
    ];

    [Fact]
    public void A_commit_is_taken_or_changes_nothing() => Assert.All(Rows, row =>
    {
        KeyScene scene = new(2);
        Lease lease = scene.Grant(scene[0], RekeyCause.Request);
        Verdict verdict = scene.Commits.Handle(KeyScene.At(row.AtMs), scene[row.From], row.Change(scene.Offer(lease)));
        Assert.Equal((row.Name, row.Code), (row.Name, verdict.Code));
        bool isTaken = row.Code is null;
        Assert.Equal(isTaken ? KeyScene.Epoch + 1 : KeyScene.Epoch, scene.Room.Group.Epoch);
        Assert.Equal(isTaken, scene.Kept is not null);
        Assert.Equal(isTaken, scene.Said.Contains("commit 6 d0"));
        Assert.Equal(isTaken || row.Code == ErrorCodes.E2eeBadCommit, scene.Room.Leases.Current is null);
    });

    [Fact]
    public void The_same_again_is_answered_as_the_first_time()
    {
        KeyScene scene = new(2);
        CommitOffer offer = scene.Offer(scene.Grant(scene[0], RekeyCause.Request));
        Assert.True(scene.Commits.Handle(KeyScene.At(10), scene[0], offer).IsDone);
        Assert.True(scene.Commits.Handle(KeyScene.At(20), scene[0], offer).IsDone);
        Assert.Equal(ErrorCodes.E2eeStaleEpoch, scene.Commits.Handle(KeyScene.At(20), scene[1], offer).Code);
        Assert.Equal(KeyScene.Epoch + 1, scene.Room.Group.Epoch);
        Assert.Single(scene.Said, line => line == "commit 6 d0");
    }

    [Fact]
    public void What_cannot_be_kept_has_not_happened_and_the_lease_goes_on()
    {
        KeyScene scene = new(2) { IsStoreBroken = true };
        CommitOffer offer = scene.Offer(scene.Grant(scene[0], RekeyCause.Request));
        Assert.Equal(ErrorCodes.InternalError, scene.Commits.Handle(KeyScene.At(10), scene[0], offer).Code);
        Assert.Equal((KeyScene.Epoch, 0), (scene.Room.Group.Epoch, scene.Said.Count));
        scene.IsStoreBroken = false;
        Assert.True(scene.Commits.Handle(KeyScene.At(20), scene[0], offer).IsDone);
    }

    [Fact]
    public void Whom_it_removes_is_gone_unless_it_is_in_the_room_all_the_same()
    {
        KeyScene scene = new(4);
        (KeyMember left, KeyMember back) = (scene[2], scene[3]);
        (left.IsPresent, left.Leaving) = (false, RekeyCause.Leave);
        (back.Leaving, back.Waiting) = (RekeyCause.Leave, RekeyCause.Resync);
        Assert.True(scene.Commits.Handle(KeyScene.At(10), scene[0], scene.Offer(scene.Grant(scene[0], RekeyCause.Leave, left, back))).IsDone);
        Assert.DoesNotContain(left, scene.Room.Roster.All);
        Assert.Equal((null, null, RekeyCause.Join), (back.Leaf, back.Leaving, back.Waiting));
        Assert.Equal(2, scene.Kept!.Members.Count);
    }
}
