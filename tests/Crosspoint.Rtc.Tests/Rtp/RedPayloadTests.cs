using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class RedPayloadTests
{
    // 6F is payload type 111; EF the same with "more follows".
    [Theory]
    [InlineData("6FAABB", 0, "AABB")] // nothing redundant yet
    [InlineData("EF0F0002" + "6F" + "0102" + "AABB", 1, "AABB")]
    [InlineData("EF1E0001" + "EF0F0002" + "6F" + "01" + "0203" + "AA", 2, "AA")]
    [InlineData("EF0F0000" + "6F" + "AA", 1, "AA")] // an empty redundant block: nothing was said then
    [InlineData("EFFFFC01" + "6F" + "01" + "AA", 1, "AA")] // the longest offset
    public void The_primary_block_is_found(string hex, int redundancy, string primary)
    {
        byte[] payload = Convert.FromHexString(hex);
        Assert.True(RedPayload.TryRead(payload, out RedPayload red));
        Assert.Equal((redundancy, primary), (red.Redundancy, Convert.ToHexString(red.Primary)));
        Assert.Equal(111, red.PrimaryType.Value);
        Assert.True(red.IsAll(new(111)));
        Assert.Equal(payload.Length, red.HeadersLength + red.Blocks.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("6F")] // no primary data
    [InlineData("EF")]
    [InlineData("EF0F00")]
    [InlineData("EF0F0002")] // no primary header
    [InlineData("EF0F0002" + "6F" + "0102")] // redundant data up to the end
    [InlineData("EF0F03FF" + "6F" + "0102")]
    [InlineData("EF0F0001" + "EF0F0001" + "EF0F0001")]
    public void What_does_not_hold_a_primary_block_is_refused(string hex) => Assert.False(RedPayload.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void Redundancy_is_bounded()
    {
        byte[] Of(int redundancy) => [.. Enumerable.Repeat<byte[]>([0xEF, 0, 0, 0], redundancy).SelectMany(b => b), 0x6F, 1];
        Assert.True(RedPayload.TryRead(Of(RedPayload.MaxRedundancy), out _));
        Assert.False(RedPayload.TryRead(Of(RedPayload.MaxRedundancy + 1), out _));
    }

    [Theory]
    [InlineData("EF0F0001" + "6F" + "01AA", 111, true)]
    [InlineData("EF0F0001" + "6F" + "01AA", 96, false)]
    [InlineData("8D0F0001" + "6F" + "01AA", 111, false)] // comfort noise among them
    [InlineData("EF0F0001" + "0D" + "01AA", 111, false)]
    public void Blocks_of_another_codec_show(string hex, byte type, bool all)
    {
        Assert.True(RedPayload.TryRead(Convert.FromHexString(hex), out RedPayload red));
        Assert.Equal(all, red.IsAll(new(type)));
    }

    [Fact]
    public void Headers_are_renumbered_and_all_else_stays()
    {
        Assert.True(RedPayload.TryRead(Convert.FromHexString("EF1E0001EF0F00026F010203AA"), out RedPayload red));
        byte[] into = new byte[RedPayload.MaxHeadersLength];
        int length = red.WriteHeaders(new(100), into);
        Assert.Equal("E41E0001E40F000264", Convert.ToHexString(into.AsSpan(0, length)));
        Assert.Equal("010203AA", Convert.ToHexString(red.Blocks));
    }

    [Fact]
    public void No_bytes_throw_and_what_is_read_lies_inside() =>
        RtpBytes.Mutate(Convert.FromHexString("EF1E0001EF0F00026F010203AABBCC"), 5, 20_000, bytes =>
        {
            if (RedPayload.TryRead(bytes, out RedPayload red))
            {
                Assert.False(red.Primary.IsEmpty);
                red.WriteHeaders(new(100), new byte[RedPayload.MaxHeadersLength]);
            }
        });
}
