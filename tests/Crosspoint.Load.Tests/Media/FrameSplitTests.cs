using Crosspoint.Load.Media;

namespace Crosspoint.Load.Tests.Media;

public class FrameSplitTests
{
    [Theory]
    [InlineData(16, 1164, new[] { 16 })]
    [InlineData(1164, 1164, new[] { 1164 })]
    [InlineData(1165, 1164, new[] { 582, 583 })]
    [InlineData(3000, 1164, new[] { 1000, 1000, 1000 })]
    [InlineData(3002, 1164, new[] { 1000, 1001, 1001 })]
    [InlineData(8333, 1164, new[] { 1041, 1041, 1041, 1042, 1042, 1042, 1042, 1042 })]
    public void A_frame_is_cut_into_as_few_packets_as_possible_the_larger_ones_last(int frame, int most, int[] expected)
    {
        FrameSplit split = FrameSplit.Of(frame, most);

        Assert.Equal(expected, Enumerable.Range(0, split.Packets).Select(split.Bytes));
    }
}
