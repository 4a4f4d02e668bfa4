using Crosspoint.Media.Repair;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Fec;

namespace Crosspoint.Media.Tests.Repair;

public class FecControllerTests
{
    // Steady loss in 1/256, round trip in ms, packets per second; the group that comes of it after ten reports.
    [Theory]
    [InlineData(0, 300, 200, 0, 0)] // nothing is lost
    [InlineData(2, 300, 200, 0, 0)] // less than one in a hundred
    [InlineData(13, 100, 200, 0, 0)] // RTX is in time
    [InlineData(13, 300, 200, 10, 2)] // 5 % lost: a tenth, a burst of two is repaired
    [InlineData(13, 150, 100, 10, 1)] // 15 packets in a round trip: too few for groups of ten side by side
    [InlineData(26, 300, 200, 5, 2)]
    [InlineData(200, 300, 200, 4, 2)] // never more than a quarter
    [InlineData(13, 300, 20, 6, 1)] // six packets in a round trip: a smaller group
    [InlineData(13, 300, 8, 0, 0)] // two: that would be half, which is too much
    [InlineData(5, 1000, 500, 26, 1)] // two groups of 26 would reach farther than receivers remember
    public void Protection_follows_reports(byte lost, int roundTrip, int packetsPerSecond, int size, int depth)
    {
        FecController controller = new(new FecOptions());
        for (int i = 0; i < 10; i++)
        {
            controller.Update(Instant.FromMilliseconds(i * 1000), lost, TimeSpan.FromMilliseconds(roundTrip), (long)i * packetsPerSecond);
        }

        Assert.Equal(new FecProtection(size, depth), controller.Protection);
    }

    [Fact]
    public void It_ends_only_when_loss_has_been_gone_for_a_while()
    {
        FecController controller = new(new FecOptions());
        int reports = 0;
        void Report(byte lost) => controller.Update(Instant.FromMilliseconds(reports * 1000), lost, TimeSpan.FromMilliseconds(300), reports++ * 200L);
        for (int i = 0; i < 5; i++)
        {
            Report(13);
        }

        int stillOn = 0;
        while (controller.Protection.IsOn)
        {
            Report(0);
            stillOn++;
        }

        Assert.InRange(stillOn, 3, 12);
        Report(3);
        Assert.False(controller.Protection.IsOn); // about the middle of the two bounds
    }

    [Fact]
    public void Without_a_measured_round_trip_nothing_is_spent()
    {
        FecController controller = new(new FecOptions());
        controller.Update(Instant.Zero, 26, null, 0);
        controller.Update(Instant.FromMilliseconds(1000), 26, null, 300);
        Assert.False(controller.Protection.IsOn);
    }
}
