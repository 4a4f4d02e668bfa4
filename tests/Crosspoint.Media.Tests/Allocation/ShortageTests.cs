using Crosspoint.Media.Allocation;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Allocation;

public class ShortageTests
{
    private static readonly AllocationOptions Options = new();

    /// <summary>What is sent of a budget of 1000, and after how many milliseconds that has been too much for too long; −1 for never.</summary>
    [Theory]
    [InlineData(900, -1)]
    [InlineData(1050, -1)] // within the tolerance of 5 %
    [InlineData(1158, 2000)] // a tenth beyond it
    [InlineData(2105, 200)]
    [InlineData(10_526, 23)]
    public void A_little_too_much_is_carried_for_long_and_much_for_a_moment(long cost, int expected)
    {
        Shortage shortage = new();
        int at = 0;
        while (at <= 20_000 && !shortage.Update(Instant.FromMilliseconds(at), cost, 1000, Options))
        {
            at++;
        }

        Assert.InRange(at > 20_000 ? -1 : at, expected - 3, expected + 3);
    }

    [Fact]
    public void It_says_when_it_will_have_been_too_long()
    {
        Shortage shortage = new();
        Assert.False(shortage.Update(At(0), 2105, 1000, Options));
        Instant due = shortage.NextTimeout(Options);
        Assert.InRange(due.TotalMilliseconds, 195, 205);
        Assert.False(shortage.Update(due - TimeSpan.FromMilliseconds(5), 2105, 1000, Options));
        Assert.True(shortage.Update(due + TimeSpan.FromMilliseconds(1), 2105, 1000, Options));
    }

    [Fact]
    public void What_waits_is_gone_half_as_fast_as_time_passes()
    {
        Shortage shortage = new();
        shortage.Update(At(0), 2105, 1000, Options);
        shortage.Update(At(180), 500, 1000, Options);
        Assert.True(shortage.NextTimeout(Options).IsNever);

        // 180 ms less 100: another 120 are left.
        shortage.Update(At(380), 2105, 1000, Options);
        Assert.False(shortage.Update(At(490), 2105, 1000, Options));
        Assert.True(shortage.Update(At(510), 2105, 1000, Options));
    }

    [Fact]
    public void What_was_given_up_leaves_half_of_the_patience()
    {
        Shortage shortage = new();
        shortage.Update(At(0), 2105, 1000, Options);
        Assert.True(shortage.Update(At(1000), 2105, 1000, Options));
        shortage.Relieve(Options);
        Assert.False(shortage.Update(At(1090), 2105, 1000, Options));
        Assert.True(shortage.Update(At(1110), 2105, 1000, Options));
    }

    [Fact]
    public void No_budget_at_all_is_too_little_at_once()
    {
        Shortage shortage = new();
        Assert.False(shortage.Update(At(0), 100_000, 0, Options));
        Assert.True(shortage.Update(At(1), 100_000, 0, Options));
        Assert.False(new Shortage().Update(At(0), 0, 0, Options));
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);
}
