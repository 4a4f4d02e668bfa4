using Crosspoint.Primitives;
using Crosspoint.Workers.Fairness;

namespace Crosspoint.Workers.Tests.Fairness;

public class TurnBudgetTests
{
    private readonly TurnBudget _budget = new(TimeSpan.FromMilliseconds(4));
    private readonly RouterShare _one = new();
    private readonly RouterShare _other = new();
    private Instant _now = Instant.FromMilliseconds(1000);

    [Fact]
    public void A_router_alone_has_whole_flights()
    {
        for (int turn = 0; turn < 100; turn++)
        {
            Turn(_one, 10_000, TimeSpan.FromMilliseconds(15));
            Assert.Equal((TurnBudget.Most, TurnBudget.Most), (_budget.Total, _budget.PerRouter));
        }
    }

    // What a packet costs, and what fits into 4 ms of it.
    [Theory]
    [InlineData(0.1, TurnBudget.Most)]
    [InlineData(1, 4000)]
    [InlineData(2, 2000)]
    [InlineData(5, 800)]
    [InlineData(50, TurnBudget.Least)]
    public void Several_have_as_much_as_takes_the_time_of_a_turn(double microseconds, int expected)
    {
        for (int turn = 0; turn < 200; turn++)
        {
            Turn(_one, 999, TimeSpan.Zero, _other, 1, TimeSpan.FromMicroseconds(microseconds * 1000));
        }

        Assert.InRange(_budget.Total, expected * 0.99, expected * 1.01);
        Assert.Equal(_budget.Total / 2, _budget.PerRouter);
    }

    [Fact]
    public void One_that_used_its_share_has_no_room_and_the_other_has()
    {
        Turn(_one, 1, TimeSpan.Zero, _other, 1, TimeSpan.Zero);
        _budget.Begin(_now);
        _budget.Charge(_now, _one, _budget.PerRouter);
        Assert.False(_budget.HasRoomFor(_one));
        Assert.True(_budget.HasRoomFor(_other));
        _budget.Charge(_now, _other, _budget.PerRouter);
        Assert.False(_budget.HasRoomFor(_other));
        _budget.Begin(_now);
        Assert.True(_budget.HasRoomFor(_one));
    }

    [Fact]
    public void Who_was_silent_for_a_while_no_longer_shortens_turns()
    {
        Turn(_one, 1, TimeSpan.Zero, _other, 1, TimeSpan.Zero);
        Turn(_one, 1, TimeSpan.Zero);
        Assert.NotEqual(TurnBudget.Most, _budget.Total);
        _now += TimeSpan.FromMilliseconds(250);
        Turn(_one, 1, TimeSpan.Zero);
        Assert.Equal(TurnBudget.Most, _budget.Total);
    }

    [Fact]
    public void A_turn_that_lost_its_core_changes_little()
    {
        for (int turn = 0; turn < 200; turn++)
        {
            Turn(_one, 999, TimeSpan.Zero, _other, 1, TimeSpan.FromMilliseconds(1));
        }

        Turn(_one, 999, TimeSpan.Zero, _other, 1, TimeSpan.FromMilliseconds(500));
        _budget.Begin(_now);
        Assert.InRange(_budget.Total, 3000, 4000);
    }

    private void Turn(RouterShare router, int packets, TimeSpan busy)
    {
        _now += TimeSpan.FromMilliseconds(1);
        _budget.Begin(_now);
        _budget.Charge(_now, router, packets);
        _budget.End(busy);
    }

    private void Turn(RouterShare first, int packets, TimeSpan firstBusy, RouterShare second, int others, TimeSpan busy)
    {
        _now += TimeSpan.FromMilliseconds(1);
        _budget.Begin(_now);
        _budget.Charge(_now, first, packets);
        _budget.Charge(_now, second, others);
        _budget.End(firstBusy + busy);
    }
}
