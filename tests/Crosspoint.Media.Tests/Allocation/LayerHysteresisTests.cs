using Crosspoint.Media.Allocation;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Allocation;

public class LayerHysteresisTests
{
    private static readonly AllocationOptions Options = new();

    private LayerHysteresis _hysteresis = new();
    private int _step = -1;

    [Fact]
    public void The_first_layer_comes_at_once_and_the_next_after_half_a_second_of_room()
    {
        Assert.Equal(0, Settle(0, 0));
        Assert.Equal(0, Settle(100, 2));
        Assert.Equal(0, Settle(500, 2));
        Assert.Equal(2, Settle(600, 2));
    }

    [Fact]
    public void Room_that_comes_and_goes_is_no_room()
    {
        Settle(0, 0);
        for (int at = 100; at < 5000; at += 200)
        {
            Assert.Equal(0, Settle(at, 1));
            Assert.Equal(0, Settle(at + 100, 0));
        }
    }

    [Fact]
    public void It_falls_at_once_and_rises_no_sooner_than_two_seconds_later()
    {
        Settle(0, 2);
        Assert.Equal(0, Settle(40_000, 0));
        Assert.False(_hysteresis.MayRise(At(41_999)));
        Assert.True(_hysteresis.MayRise(At(42_000)));
    }

    [Fact]
    public void It_falls_to_nothing_only_when_there_is_too_little_for_long()
    {
        Settle(0, 2);
        Assert.Equal(0, Settle(10_000, -1));
        Assert.Equal(0, Settle(11_499, -1));
        Assert.Equal(0, Settle(11_499, 0));
        Assert.Equal(0, Settle(11_600, -1));
        Assert.Equal(0, Settle(13_099, -1));
        Assert.Equal(-1, Settle(13_100, -1));
        Assert.True(_hysteresis.MayRise(At(15_100)));
    }

    // Only not known to be carried, it was no mistake; a step less is held all the same, or it would go up and down with what is guessed.
    [Fact]
    public void What_is_taken_away_for_want_of_knowledge_begins_again_at_once()
    {
        Settle(0, 0);
        Settle(10_000, -1, hasShownLimit: false);
        Assert.Equal(-1, Settle(11_500, -1, hasShownLimit: false));
        Assert.True(_hysteresis.MayRise(At(11_600)));
        Assert.Equal(1, Settle(11_600, 1, hasShownLimit: false));
        Assert.Equal(0, Settle(20_000, 0, hasShownLimit: false));
        Assert.False(_hysteresis.MayRise(At(21_999)));
    }

    // Of what it is granted, as much as it takes to be seen to move need not wait, neither for room that stays nor after a fall.
    [Fact]
    public void What_hardly_moves_moves_at_once()
    {
        Settle(0, 3);
        Assert.Equal(0, Settle(10_000, 0));
        Assert.Equal(1, Settle(10_050, 1, atOnce: 1));
        Assert.Equal(1, Settle(10_100, 1));
        Assert.False(_hysteresis.MayRise(At(11_999)));
        Assert.Equal(1, Settle(12_100, 2, atOnce: 1));
        Assert.Equal(2, Settle(12_600, 2, atOnce: 1));
    }

    [Fact]
    public void After_a_keyframe_that_came_too_late_it_rises_no_sooner_than_after_a_fall()
    {
        Settle(0, 2);
        _hysteresis.HandleFall(At(10_000), Options);
        Assert.False(_hysteresis.MayRise(At(11_999)));
        Assert.True(_hysteresis.MayRise(At(12_000)));
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private int Settle(double at, int granted, bool hasShownLimit = true, int? atOnce = null)
    {
        _step = _hysteresis.Settle(At(at), _step, granted, atOnce ?? _step, hasShownLimit, Options);
        return _step;
    }
}
