using Crosspoint.Media.Encryption;

namespace Crosspoint.Media.Tests.Encryption;

public class FrameEpochsTests
{
    [Theory]
    [InlineData(5UL, 5UL, new byte[] { 5 })]
    [InlineData(5UL, 4UL, new byte[] { 4, 5 })]
    [InlineData(5UL, 2UL, new byte[] { 2, 3, 4, 5 })]
    [InlineData(257UL, 254UL, new byte[] { 254, 255, 0, 1 })]
    [InlineData(0x1_0000_0000UL, 0xFFFF_FFFFUL, new byte[] { 255, 0 })]
    public void From_the_oldest_to_the_current_and_no_other(ulong current, ulong oldest, byte[] admitted)
    {
        FrameEpochs epochs = FrameEpochs.Of(current, oldest);
        Assert.Equal(admitted.Order(), Enumerable.Range(0, 256).Select(epoch => (byte)epoch).Where(epochs.Admits));
        Assert.Equal(current == oldest, epochs.Oldest is null);
    }

    [Fact]
    public void At_most_half_the_circle_overlaps()
    {
        FrameEpochs epochs = FrameEpochs.Of(1000, 0);
        Assert.Equal(128, Enumerable.Range(0, 256).Count(epoch => epochs.Admits((byte)epoch)));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameEpochs.Of(1, 2));
    }
}
