using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class RtpPacketTests
{
    [Theory]
    [InlineData("", RtpDropReason.Truncated)]
    [InlineData("8060FFFE12345678CAFEBA", RtpDropReason.Truncated)]
    [InlineData("4060FFFE12345678CAFEBABE", RtpDropReason.Version)]
    [InlineData("8160FFFE12345678CAFEBABE", RtpDropReason.Truncated)] // one CSRC, none there
    [InlineData("9060FFFE12345678CAFEBABEBEDE00", RtpDropReason.Truncated)] // half an extension header
    [InlineData("9060FFFE12345678CAFEBABEBEDE0001", RtpDropReason.Truncated)] // extension of one word, none there
    [InlineData("A060FFFE12345678CAFEBABE", RtpDropReason.Padding)] // padding bit, the SSRC's last byte is no count
    [InlineData("A060FFFE12345678CAFEBABE00", RtpDropReason.Padding)]
    [InlineData("A060FFFE12345678CAFEBABE0003", RtpDropReason.Padding)]
    [InlineData("A060FFFE12345678CAFEBABE0002", RtpDropReason.None)] // nothing but padding: a probe
    [InlineData("8060FFFE12345678CAFEBABE", RtpDropReason.None)]
    [InlineData("9060FFFE12345678CAFEBABE12340000", RtpDropReason.None)]
    public void Malformed_packets_are_refused_with_a_reason(string hex, RtpDropReason expected)
    {
        Assert.Equal(expected == RtpDropReason.None, RtpPacket.TryParse(Convert.FromHexString(hex), out _, out RtpDropReason reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void Fields_csrcs_extension_payload_and_padding_are_where_the_rfc_puts_them()
    {
        byte[] bytes = Convert.FromHexString("B260FFFE12345678CAFEBABE" + "0000000100000002" + "BEDE0001" + "10AA0000" + "010203" + "000003");
        Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
        Assert.Equal(new PayloadType(96), packet.PayloadType);
        Assert.False(packet.Marker);
        Assert.Equal(new SequenceNumber(0xFFFE), packet.SequenceNumber);
        Assert.Equal(new RtpTimestamp(0x12345678), packet.Timestamp);
        Assert.Equal(new Ssrc(0xCAFEBABE), packet.Ssrc);
        Assert.Equal(2, packet.CsrcCount);
        Assert.Equal(new Ssrc(2), packet.GetCsrc(1));
        Assert.Equal(28, packet.HeaderLength);
        Assert.Equal(3, packet.PaddingLength);
        Assert.Equal("010203", Convert.ToHexString(packet.Payload));
        Assert.True(packet.TryGetExtension(1, out ReadOnlySpan<byte> value));
        Assert.Equal("AA", Convert.ToHexString(value));
    }

    [Fact]
    public void A_header_can_be_parsed_while_the_padding_count_is_still_encrypted()
    {
        byte[] bytes = Convert.FromHexString("A060FFFE12345678CAFEBABE" + "99FF");
        Assert.False(RtpPacket.TryParse(bytes, out _));
        Assert.True(RtpPacket.TryParseHeader(bytes, out RtpPacket packet));
        Assert.Equal(12, packet.HeaderLength);
        Assert.Equal(2, packet.Payload.Length);
    }

    // RFC 8285 §4.2 and §4.3; elements as "id:hex".
    [Theory]
    [InlineData("BEDE", "10AA00002101020000000000", "1:AA 2:0102")] // padding between elements
    [InlineData("BEDE", "10AAF0BB20CC0000", "1:AA")] // id 15 stops
    [InlineData("BEDE", "10AA01BB20CC0000", "1:AA")] // id 0 with a length stops
    [InlineData("BEDE", "10AA2FBB", "1:AA")] // runs over the end
    [InlineData("1000", "0100020203040500", "1: 2:0304 5:")] // empty elements are possible
    [InlineData("100F", "0F01AA00FF01BB00", "15:AA 255:BB")] // application bits, ids beyond 14
    [InlineData("1000", "0101AA0000000002", "1:AA")] // a lone id at the end
    [InlineData("1000", "0105AABB", "")]
    [InlineData("1234", "10AA0000", "")] // another profile
    public void Header_extensions_are_read_in_both_forms(string profile, string block, string expected)
    {
        byte[] bytes = Convert.FromHexString("9060FFFE12345678CAFEBABE" + profile + $"{block.Length / 8:X4}" + block);
        Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
        List<string> found = [];
        foreach (RtpExtensionElement element in packet.Extensions)
        {
            found.Add($"{element.Id}:{Convert.ToHexString(element.Value)}");
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public void Prefixes_and_mutations_never_throw()
    {
        byte[] bytes = RtpBytes.Packet([(1, [1, 2]), (3, [9]), (5, new byte[16])], new byte[20]);
        bytes[0] |= 0x22;
        bytes[^1] = 4;
        RtpBytes.Mutate(bytes, 1, 20_000, mutated =>
        {
            if (RtpPacket.TryParse(mutated, out RtpPacket packet))
            {
                Assert.Equal(mutated.Length, packet.HeaderLength + packet.Payload.Length + packet.PaddingLength);
                foreach (RtpExtensionElement element in packet.Extensions)
                {
                    Assert.InRange(element.Id, 1, 255);
                }
            }
        });
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        byte[] bytes = RtpBytes.Packet([(1, [1, 2]), (3, [9])], new byte[20]);
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            RtpPacket packet = RtpBytes.Parse(bytes);
            packet.TryGetExtension(3, out _);
        }));
    }
}
