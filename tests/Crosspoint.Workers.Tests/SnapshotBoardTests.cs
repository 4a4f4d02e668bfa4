using Crosspoint.Primitives;

namespace Crosspoint.Workers.Tests;

public class SnapshotBoardTests
{
    // What it cost in ms; after how many seconds the next is due.
    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(3, 3)]
    [InlineData(10, 10)]
    [InlineData(117, 10)] // held up by others, as after a stop of the process
    public void What_costs_much_comes_less_often_but_comes(double milliseconds, int seconds)
    {
        SnapshotBoard board = new();
        Instant now = Instant.FromMilliseconds(5000);
        board.Put(now, null!);
        board.Charge(TimeSpan.FromMilliseconds(milliseconds));
        Assert.False(board.IsDue(now + TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1)));
        Assert.True(board.IsDue(now + TimeSpan.FromSeconds(seconds)));
    }
}
