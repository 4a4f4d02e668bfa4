using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Rtc.Tests.SFrame;

public class SFrameHeaderTests
{
    [Theory]
    [InlineData(new byte[] { 0x80, 5 })] // 5 has room in the first byte
    [InlineData(new byte[] { 0x08, 5 })]
    [InlineData(new byte[] { 0x80, 7 })]
    [InlineData(new byte[] { 0x90, 0, 9 })] // a leading zero
    [InlineData(new byte[] { 0x09, 0, 9 })]
    [InlineData(new byte[] { 0x88, 9, 5 })]
    [InlineData(new byte[] { 0xF0, 0, 1, 1, 1, 1, 1, 1, 1 })]
    public void Numbers_in_more_bytes_than_they_need_are_refused_when_asked(byte[] bytes)
    {
        Assert.True(SFrameHeader.TryRead(bytes, isMinimal: false, out _, out int length));
        Assert.Equal(bytes.Length, length);
        Assert.False(SFrameHeader.TryRead(bytes, isMinimal: true, out SFrameHeader header, out length));
        Assert.Equal((default, 0), (header, length));
    }

    [Fact]
    public void What_is_cut_short_is_refused()
    {
        byte[] bytes = new byte[SFrameHeader.MaxLength];
        SFrameHeader header = new(ulong.MaxValue, ulong.MaxValue);
        Assert.Equal(SFrameHeader.MaxLength, header.Write(bytes));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(SFrameHeader.TryRead(bytes.AsSpan(0, length), isMinimal: false, out _, out _));
        }
    }

    [Fact]
    public void Every_first_byte_is_read_or_refused_and_written_alike()
    {
        byte[] bytes = [0, .. Enumerable.Repeat((byte)0x55, 16)];
        byte[] written = new byte[SFrameHeader.MaxLength];
        for (int first = 0; first < 256; first++)
        {
            bytes[0] = (byte)first;
            Assert.True(SFrameHeader.TryRead(bytes, isMinimal: true, out SFrameHeader header, out int length));
            Assert.Equal(bytes[..length], written[..header.Write(written)]);
        }
    }

    [Fact]
    public void Key_ids_of_the_profile()
    {
        SFrameKeyId id = new(instance: 3, SFrameKind.Screen, leaf: 1023, epoch: 0xAB);
        Assert.Equal((14UL << 18) | (1023 << 8) | 0xAB, id.Value);
        Assert.Equal((3UL, SFrameKind.Screen, 1023, (byte)0xAB), (id.Instance, id.Kind, id.Leaf, id.Epoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SFrameKeyId(0, SFrameKind.Audio, 1024, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SFrameKeyId(0, SFrameKind.Audio, -1, 0));
    }
}
