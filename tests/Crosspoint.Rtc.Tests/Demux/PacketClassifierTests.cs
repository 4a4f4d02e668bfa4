using Crosspoint.Rtc.Demux;

namespace Crosspoint.Rtc.Tests.Demux;

public class PacketClassifierTests
{
    [Theory]
    [InlineData(0, 0, PacketClass.Stun)]
    [InlineData(3, 0, PacketClass.Stun)]
    [InlineData(4, 0, PacketClass.Unknown)]
    [InlineData(16, 0, PacketClass.Unknown)]
    [InlineData(19, 0, PacketClass.Unknown)]
    [InlineData(20, 0, PacketClass.Dtls)]
    [InlineData(63, 0, PacketClass.Dtls)]
    [InlineData(64, 0, PacketClass.TurnChannel)]
    [InlineData(79, 0, PacketClass.TurnChannel)]
    [InlineData(80, 0, PacketClass.Unknown)]
    [InlineData(127, 0, PacketClass.Unknown)]
    [InlineData(128, 111, PacketClass.Rtp)]
    [InlineData(128, 191, PacketClass.Rtp)]
    [InlineData(128, 192, PacketClass.Rtcp)]
    [InlineData(129, 200, PacketClass.Rtcp)]
    [InlineData(129, 223, PacketClass.Rtcp)]
    [InlineData(191, 224, PacketClass.Rtp)]
    [InlineData(192, 0, PacketClass.Unknown)]
    [InlineData(255, 255, PacketClass.Unknown)]
    public void The_first_two_bytes_decide(byte first, byte second, PacketClass expected)
    {
        var bytes = new byte[20];
        (bytes[0], bytes[1]) = (first, second);
        Assert.Equal(expected, PacketClassifier.Classify(bytes));
    }

    [Theory]
    [InlineData(0, 0, 20)]
    [InlineData(22, 0, 13)]
    [InlineData(64, 0, 4)]
    [InlineData(128, 100, 12)]
    [InlineData(128, 200, 8)]
    public void Less_than_a_header_is_nothing(byte first, byte second, int shortest)
    {
        var bytes = new byte[20];
        (bytes[0], bytes[1]) = (first, second);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length >= shortest, PacketClassifier.Classify(bytes.AsSpan(0, length)) != PacketClass.Unknown);
        }
    }
}
