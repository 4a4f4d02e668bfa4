using Crosspoint.Calls.Encryption;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>How many must say that a commit is bad until its committer is to blame.</summary>
public class FaultTallyTests
{
    // d0 made epoch 6 at 0; reports as device@ms; the report after which d0 is to blame, from 1 on, 0 for none.
    [Theory]
    [InlineData(2, "d1@10", 1)]
    [InlineData(3, "d1@10", 0)]
    [InlineData(3, "d1@10 d2@20", 2)]
    [InlineData(4, "d1@10", 0)]
    [InlineData(4, "d1@10 d2@20", 2)]
    [InlineData(5, "d1@10 d2@20", 0)]
    [InlineData(5, "d1@10 d2@20 d3@30", 3)]
    [InlineData(3, "d1@10 d1@20", 0)]
    [InlineData(3, "d0@10 d1@20", 0)]
    [InlineData(3, "d1@10 d2@1999", 2)]
    [InlineData(3, "d1@10 d2@2000", 0)]
    public void More_than_half_of_the_others_within_two_seconds(int members, string reports, int expected)
    {
        KeyScene scene = new(members);
        FaultTally tally = new(TimeSpan.FromSeconds(2));
        tally.Open(KeyScene.At(0), 6, scene[0]);
        int blamed = 0;
        int count = 0;
        foreach (string report in reports.Split(' '))
        {
            count++;
            string[] parts = report.Split('@');
            if (tally.Report(KeyScene.At(double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)), 6, parts[0], members) is { } culprit)
            {
                Assert.Same(scene[0], culprit);
                blamed = blamed == 0 ? count : blamed;
            }
        }

        Assert.Equal(expected, blamed);
    }

    [Fact]
    public void Reports_about_different_epochs_are_not_added_up()
    {
        KeyScene scene = new(3);
        FaultTally tally = new(TimeSpan.FromSeconds(2));
        tally.Open(KeyScene.At(0), 6, scene[0]);
        tally.Open(KeyScene.At(100), 7, scene[1]);
        Assert.Null(tally.Report(KeyScene.At(200), 6, "d2", 3));
        Assert.Null(tally.Report(KeyScene.At(200), 7, "d0", 3));
        Assert.Same(scene[1], tally.Report(KeyScene.At(200), 7, "d2", 3));
        Assert.Null(tally.Report(KeyScene.At(200), 5, "d2", 3));
    }
}
