namespace Crosspoint.Rtc.Tests;

public class SequenceNumberTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(65535, 0, 1)]
    [InlineData(0, 65535, -1)]
    [InlineData(10, 10, 0)]
    [InlineData(0, 32767, 32767)]
    [InlineData(0, 32768, -32768)]
    public void Distance_walks_the_short_way_round(int from, int to, int expected) =>
        Assert.Equal(expected, SequenceNumber.Distance(new((ushort)from), new((ushort)to)));

    [Fact]
    public void Next_wraps() => Assert.Equal(new SequenceNumber(0), new SequenceNumber(65535).Next);
}
