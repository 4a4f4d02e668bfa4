using Crosspoint.Media.Forwarding;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Forwarding;

public class TimestampRewriterTests
{
    [Fact]
    public void One_timeline_has_one_offset_however_long_the_pause()
    {
        TimestampRewriter rewriter = new(1000, 90_000);
        rewriter.Sent(Instant.Zero, new(5000));
        rewriter.Sent(Instant.FromMilliseconds(90_000), new(8_105_000));
        Assert.Equal(1000u, rewriter.Offset);
    }

    [Theory]
    [InlineData(5000u, 1000, 700u, 95_000u)]
    [InlineData(5000u, 0, 700u, 5001u)]
    [InlineData(5000u, -5, 700u, 5001u)]
    [InlineData(4_294_967_000u, 10, 0u, 604u)]
    [InlineData(0u, 10, 4_294_967_295u, 900u)]
    public void A_new_timeline_goes_on_where_the_old_one_would_be(uint lastSent, double elapsedMilliseconds, uint firstInput, uint expected)
    {
        TimestampRewriter rewriter = new(1000, 90_000);
        rewriter.Sent(Instant.FromMilliseconds(100), new(lastSent));
        rewriter.Rejoin(Instant.FromMilliseconds(100 + elapsedMilliseconds), new(firstInput));
        Assert.Equal(expected, firstInput + rewriter.Offset);
    }

    [Fact]
    public void A_late_packet_does_not_move_the_line_back()
    {
        TimestampRewriter rewriter = new(0, 90_000);
        rewriter.Sent(Instant.FromMilliseconds(100), new(9000));
        rewriter.Sent(Instant.FromMilliseconds(101), new(6000));
        rewriter.Rejoin(Instant.FromMilliseconds(110), new(0));
        Assert.Equal(9900u, rewriter.Offset);
    }

    [Fact]
    public void Before_anything_was_sent_there_is_nothing_to_join()
    {
        TimestampRewriter rewriter = new(77, 90_000);
        rewriter.Rejoin(Instant.Zero, new(123));
        Assert.Equal(77u, rewriter.Offset);
    }
}
