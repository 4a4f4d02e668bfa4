using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Tests.Srtp;

public class SrtpPacketIndexTests
{
    // highest seen, sequence number, index; RFC 3711 §3.3.1 and appendix A
    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(-1, 65535, 65535)]
    [InlineData(5, 6, 6)]
    [InlineData(5, 4, 4)]
    [InlineData(65535, 0, 65536)]
    [InlineData(65536, 65535, 65535)]
    [InlineData(0, 32768, 32768)]
    [InlineData(0, 32769, 32769 - 65536)]
    [InlineData(40000, 7232, 7232)]
    [InlineData(40000, 7231, 65536 + 7231)]
    [InlineData(65536 + 10, 65000, 65000)]
    [InlineData((7L << 16) + 65530, 3, (8L << 16) + 3)]
    [InlineData((8L << 16) + 3, 65530, (7L << 16) + 65530)]
    public void The_index_is_guessed_nearest_to_the_highest(long highest, int sequence, long expected) =>
        Assert.Equal(expected, SrtpPacketIndex.Guess(highest, (ushort)sequence));
}
