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
        Assert.False(MayRise(At(41_999)));
        Assert.True(MayRise(At(42_000)));
    }

    [Fact]
    public void A_rise_that_was_wrong_is_repeated_ever_later()
    {
        Settle(0, 0);
        double now = 0;
        double[] waits = [20_000, 40_000, 80_000, 120_000, 120_000];
        foreach (double wait in waits)
        {
            Rise(now + 1000);
            now += 1500;
            Settle(now + 5000, 0);
            now += 5000;
            Assert.False(MayRise(At(now + wait - 1)), $"{wait}");
            Assert.True(MayRise(At(now + wait)), $"{wait}");
            now += wait;
        }
    }

    [Fact]
    public void A_network_that_became_slower_was_nobodys_fault()
    {
        Settle(0, 0);
        Rise(1000);
        Settle(6000, 0, kilobits: 300);
        Assert.True(MayRise(At(8000)));
    }

    [Fact]
    public void A_rise_that_was_wrong_with_little_is_tried_again_with_much_more()
    {
        Settle(0, 0);
        Rise(1000);
        Settle(6000, 0);
        Assert.False(MayRise(At(7999), kilobits: 3000));
        Assert.True(MayRise(At(8000), kilobits: 1500));
        Assert.False(MayRise(At(8000), kilobits: 1499));
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
        Assert.True(MayRise(At(15_100)));
    }

    [Fact]
    public void A_rise_that_lasted_is_forgiven()
    {
        Settle(0, 0);
        Rise(1000);
        Settle(5000, 0);
        Rise(30_000);
        Settle(61_000, 1);
        Settle(62_000, 0);
        Assert.True(MayRise(At(64_000)));
    }

    private bool MayRise(Instant now, double kilobits = 1000) => _hysteresis.MayRise(now, Bitrate.FromKilobits(kilobits), Options);

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private void Rise(double at)
    {
        Settle(at, 1);
        Assert.Equal(1, Settle(at + 500, 1));
    }

    private int Settle(double at, int granted, double kilobits = 1000)
    {
        _step = _hysteresis.Settle(At(at), _step, granted, Bitrate.FromKilobits(kilobits), Options);
        return _step;
    }
}
