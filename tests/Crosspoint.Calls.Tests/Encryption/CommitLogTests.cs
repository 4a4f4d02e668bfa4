using Crosspoint.Calls.Encryption;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>The last commits, for who missed them and for repeated ones.</summary>
public class CommitLogTests
{
    // Epochs 2 to 6 came, four are kept: 3 to 6. Who has an epoch gets these.
    [Theory]
    [InlineData(6, "")]
    [InlineData(5, "6")]
    [InlineData(2, "3 4 5 6")]
    [InlineData(1, null)]
    [InlineData(0, null)]
    [InlineData(7, null)]
    public void Who_missed_some_gets_just_those(long epoch, string? expected)
    {
        IReadOnlyList<LoggedCommit>? missed = Log().Since(epoch, 6);
        Assert.Equal(expected, missed is null ? null : string.Join(' ', missed.Select(commit => commit.Epoch)));
    }

    [Theory]
    [InlineData("d1", 6, true)]
    [InlineData("d1", 3, true)]
    [InlineData("d1", 2, false)]
    [InlineData("d2", 6, false)]
    public void A_commit_is_known_by_its_device_and_its_bytes(string device, byte bytes, bool isKnown) =>
        Assert.Equal(isKnown, Log().Find(device, [bytes]) is not null);

    private static CommitLog Log()
    {
        CommitLog log = new(4);
        for (byte epoch = 2; epoch <= 6; epoch++)
        {
            log.Add(new(epoch, epoch, "d1", 0, [epoch], KeyScene.Tag, [], null));
        }

        return log;
    }
}
