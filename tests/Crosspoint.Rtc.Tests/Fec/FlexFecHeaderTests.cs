using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Fec;

public sealed class FlexFecHeaderTests
{
    private const string Front = "0065000A00000FA001000000CAFEBABEFFFE";

    [Theory]
    [InlineData("C000", "0")]
    [InlineData("8001", "14")]
    [InlineData("8881", "3 7 14")]
    [InlineData("0000C0000000", "15")]
    [InlineData("000080000001", "45")]
    [InlineData("4001C0000001", "0 14 15 45")]
    [InlineData("000000000000C000000000000000", "46")]
    [InlineData("0000000000008000000000000001", "108")]
    [InlineData("400000000000C000000000000001", "0 46 108")]
    public void Masks_are_read_and_written_in_their_shortest_form(string hex, string packets)
    {
        byte[] bytes = Convert.FromHexString(Front + hex);
        Assert.True(FlexFecHeader.TryParse(bytes, out FlexFecHeader header, out _));
        Assert.Equal(packets, string.Join(' ', Offsets(header.Mask)));
        Assert.Equal(packets.Split(' ').Length, header.Mask.Count);
        Assert.Equal(int.Parse(packets.Split(' ')[^1]) + 1, header.Mask.Span);
        Assert.Equal(bytes.Length, FlexFecHeader.MeasureParsed(bytes));
        byte[] again = new byte[FlexFecHeader.MaxLength];
        int length = header.Write(again);
        Assert.Equal(Front + hex, Convert.ToHexString(again.AsSpan(0, length)));
    }

    [Fact]
    public void Fields_stand_where_the_draft_has_them()
    {
        Assert.True(FlexFecHeader.TryParse(Convert.FromHexString("3FE5000A01020304" + "01000000" + "CAFEBABE" + "FFFE" + "C000"), out FlexFecHeader header, out _));
        Assert.Equal(new FlexFecHeader(0x3FE5, 10, 0x0102_0304, new(0xCAFE_BABE), new(0xFFFE), default(FecMask).With(0)), header);
    }

    [Theory]
    [InlineData("0065000A00000FA001000000CAFEBABEFFFE80", FlexFecDropReason.Truncated)]
    [InlineData(Front + "0000C00000", FlexFecDropReason.Truncated)] // a second part is announced
    [InlineData(Front + "000000000000C0000000000000", FlexFecDropReason.Truncated)] // and a third
    [InlineData(Front + "0000000000004000000000000000", FlexFecDropReason.Mask)] // there is no fourth
    [InlineData(Front + "8000", FlexFecDropReason.Mask)] // nothing protected
    [InlineData(Front + "000080000000", FlexFecDropReason.Mask)]
    [InlineData("8065000A00000FA001000000CAFEBABEFFFEC000", FlexFecDropReason.Retransmission)]
    [InlineData("4065000A00000FA001000000CAFEBABEFFFEC000", FlexFecDropReason.FixedMask)]
    [InlineData("0065000A00000FA000000000CAFEBABEFFFEC000", FlexFecDropReason.SourceCount)]
    [InlineData("0065000A00000FA002000000CAFEBABEFFFEC000", FlexFecDropReason.SourceCount)]
    public void What_cannot_be_used_is_refused_with_its_reason(string hex, FlexFecDropReason expected)
    {
        Assert.False(FlexFecHeader.TryParse(Convert.FromHexString(hex), out _, out FlexFecDropReason reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void A_long_form_with_an_empty_end_is_read_as_long()
    {
        byte[] bytes = Convert.FromHexString(Front + "4000" + "80000000" + "AABB");
        Assert.True(FlexFecHeader.TryParse(bytes, out FlexFecHeader header, out _));
        Assert.Equal(24, FlexFecHeader.MeasureParsed(bytes));
        Assert.Equal(20, header.EncodedLength);
    }

    [Fact]
    public void No_bytes_throw() =>
        RtpBytes.Mutate(Convert.FromHexString(Front + "400000000000C000000000000001"), 1, 20_000, bytes => _ = FlexFecHeader.TryParse(bytes, out _, out _));

    [Theory]
    [InlineData(0.0, 1, 0, 0)]
    [InlineData(double.NaN, 1, 0, 0)]
    [InlineData(-1.0, 1, 0, 0)]
    [InlineData(0.01, 1, 0, 0)] // fewer than one in 46
    [InlineData(0.022, 1, 45, 1)]
    [InlineData(0.1, 1, 10, 1)]
    [InlineData(0.1, 2, 10, 2)]
    [InlineData(0.1, 9, 10, 4)] // eight deep would reach over 73
    [InlineData(0.25, 3, 4, 4)]
    [InlineData(0.25, 8, 4, 8)]
    [InlineData(1.0, 1, 1, 1)]
    [InlineData(7.0, 1, 1, 1)]
    public void Protection_follows_the_wish_within_what_receivers_remember(double ratio, int burst, int size, int depth)
    {
        FecProtection protection = FecProtection.For(ratio, burst);
        Assert.Equal(new FecProtection(size, depth), protection);
        Assert.True(!protection.IsOn || ((size - 1) * depth) + 1 <= FecProtection.MaxReach);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1199)]
    public void Parity_by_vectors_is_parity_by_bytes(int length)
    {
        Random random = new(length);
        byte[] parity = new byte[length + 5];
        byte[] source = new byte[length];
        random.NextBytes(parity);
        random.NextBytes(source);
        byte[] expected = [.. parity.Select((value, i) => (byte)(value ^ (i < length ? source[i] : 0)))];
        FecParity.Fold(parity, source);
        Assert.Equal(expected, parity);
    }

    private static List<int> Offsets(FecMask mask)
    {
        List<int> offsets = [];
        while (FecMask.TryTakeFirst(ref mask, out int offset))
        {
            offsets.Add(offset);
        }

        return offsets;
    }
}
