using System.Text;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Rtcp;

public sealed class RtcpPacketTests
{
    private delegate void Write(ref RtcpWriter writer);

    [Fact]
    public void Every_packet_of_the_compound_parses()
    {
        Assert.Equal(11, RtcpBytes.ReadAll(RtcpBytes.CompoundOfEverything()));
    }

    [Fact]
    public void A_sender_report_reads_back()
    {
        ReportBlock[] blocks = RandomBlocks(31, 3);
        SenderInfo info = new(new(0x1122_3344_5566_7788), new(9), uint.MaxValue, 7);
        byte[] bytes = Written((ref RtcpWriter w) => Assert.True(SenderReport.TryWrite(ref w, new(5), info, blocks)));
        Assert.Equal("9FC80", Convert.ToHexString(bytes)[..5]);
        Assert.True(SenderReport.TryParse(Single(bytes), out SenderReport report));
        Assert.Equal(new Ssrc(5), report.Ssrc);
        Assert.Equal(info, report.Info);
        Assert.Equal(31, report.Blocks.Count);
        for (int i = 0; i < blocks.Length; i++)
        {
            Assert.Equal(blocks[i], report.Blocks[i]);
        }
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(int.MinValue, -0x80_0000)]
    [InlineData(int.MaxValue, 0x7F_FFFF)]
    [InlineData(0x7F_FFFF, 0x7F_FFFF)]
    public void Cumulative_loss_is_clamped_to_24_signed_bits(int lost, int expected)
    {
        ReportBlock block = new(new(1), 200, lost, 3, 4, new(5), new(6));
        byte[] bytes = Written((ref RtcpWriter w) => Assert.True(ReceiverReport.TryWrite(ref w, new(5), [block])));
        Assert.True(ReceiverReport.TryParse(Single(bytes), out ReceiverReport report));
        Assert.Equal(block with { CumulativeLost = expected }, report.Blocks[0]);
    }

    [Fact]
    public void A_report_with_fewer_blocks_than_it_says_is_refused()
    {
        byte[] bytes = Convert.FromHexString("81C9000100000001");
        Assert.False(ReceiverReport.TryParse(Single(bytes), out _));
        bytes = Convert.FromHexString("80C8000100000001");
        Assert.False(SenderReport.TryParse(Single(bytes), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("abcdefgh@example")]
    public void A_canonical_name_of_any_length_reads_back(string name)
    {
        byte[] bytes = Written((ref RtcpWriter w) => Assert.True(SourceDescription.TryWriteCanonicalName(ref w, new(5), Encoding.UTF8.GetBytes(name))));
        Assert.True(SourceDescription.TryParse(Single(bytes), out SourceDescription sdes));
        Assert.True(sdes.TryGetCanonicalName(new(5), out ReadOnlySpan<byte> read));
        Assert.Equal(name, Encoding.UTF8.GetString(read));
        Assert.False(sdes.TryGetCanonicalName(new(6), out _));
    }

    [Theory]
    [InlineData("82CA0006" + "00000001" + "0202616201016300" + "00000002" + "0101640000000000", true)] // two chunks, several items
    [InlineData("81CA0002" + "00000001" + "01036162", false)] // item runs over the end
    [InlineData("81CA0002" + "00000001" + "01026162", false)] // no end marker
    [InlineData("82CA0002" + "00000001" + "00000000", false)] // a chunk short
    [InlineData("80CA0000", true)]
    public void The_items_of_a_description_are_bounded(string hex, bool sound)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(sound, SourceDescription.TryParse(Single(bytes), out SourceDescription sdes));
        if (bytes[0] == 0x82 && sound)
        {
            Assert.True(sdes.TryGetCanonicalName(new(1), out ReadOnlySpan<byte> first));
            Assert.True(sdes.TryGetCanonicalName(new(2), out ReadOnlySpan<byte> second));
            Assert.Equal("c", Encoding.ASCII.GetString(first));
            Assert.Equal("d", Encoding.ASCII.GetString(second));
        }
    }

    [Fact]
    public void A_bye_reads_back_with_its_reason()
    {
        byte[] bytes = Written((ref RtcpWriter w) => Assert.True(Bye.TryWrite(ref w, [new(1), new(2)], "gone"u8)));
        Assert.True(Bye.TryParse(Single(bytes), out Bye bye));
        Assert.Equal(2, bye.Count);
        Assert.Equal(new Ssrc(2), bye[1]);
        Assert.Equal("gone", Encoding.ASCII.GetString(bye.Reason));
        Assert.False(Bye.TryParse(Single(Convert.FromHexString("81CB0002" + "00000001" + "04616263")), out _));
        Assert.False(Bye.TryParse(Single(Convert.FromHexString("82CB0001" + "00000001")), out _));
    }

    [Theory]
    [InlineData("10", "000A0000")]
    [InlineData("10 11 26", "000A8001")] // the bitmap reaches sixteen further
    [InlineData("10 27", "000A0000" + "001B0000")]
    [InlineData("65535 0 15", "FFFF8001")]
    [InlineData("65534 16", "FFFE0000" + "00100000")]
    public void A_nack_packs_numbers_into_words(string missing, string fci)
    {
        SequenceNumber[] numbers = [.. missing.Split(' ').Select(n => new SequenceNumber(ushort.Parse(n)))];
        byte[] bytes = Written((ref RtcpWriter w) => Assert.Equal(numbers.Length, GenericNack.TryWrite(ref w, new(1), new(2), numbers)));
        Assert.Equal(fci, Convert.ToHexString(bytes.AsSpan(12)));
        Assert.True(GenericNack.TryParse(Single(bytes), out GenericNack nack));
        Assert.Equal(new Ssrc(2), nack.MediaSsrc);
        List<SequenceNumber> read = [];
        foreach (SequenceNumber number in nack)
        {
            read.Add(number);
        }

        Assert.Equal(numbers, read);
    }

    [Fact]
    public void A_nack_takes_as_many_numbers_as_fit()
    {
        SequenceNumber[] numbers = [.. Enumerable.Range(0, 10).Select(i => new SequenceNumber((ushort)(i * 100)))];
        RtcpWriter writer = new(new byte[12 + (3 * 4) + 3]);
        Assert.Equal(3, GenericNack.TryWrite(ref writer, new(1), new(2), numbers));
        Assert.Equal(0, GenericNack.TryWrite(ref writer, new(1), new(2), numbers));
        RtcpWriter other = new(new byte[100]);
        Assert.Equal(0, GenericNack.TryWrite(ref other, new(1), new(2), []));
        Assert.Equal(0, other.Length);
    }

    [Fact]
    public void Keyframe_requests_read_back()
    {
        byte[] bytes = Written((ref RtcpWriter w) => PictureLossIndication.TryWrite(ref w, new(1), new(2)));
        Assert.True(PictureLossIndication.TryParse(Single(bytes), out PictureLossIndication pli));
        Assert.Equal(new PictureLossIndication(new(1), new(2)), pli);
        bytes = Written((ref RtcpWriter w) => FullIntraRequest.TryWrite(ref w, new(1), new(2), 250));
        Assert.True(FullIntraRequest.TryParse(Single(bytes), out FullIntraRequest fir));
        Assert.Equal(1, fir.Count);
        Assert.Equal(new FullIntraRequestEntry(new(2), 250), fir[0]);
        Assert.False(FullIntraRequest.TryParse(Single(Convert.FromHexString("84CE00020000000100000000")), out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(0x3_FFFF, 0x3_FFFF)]
    [InlineData(0x4_0001, 0x4_0000)] // 18 significant bits
    [InlineData(5_000_000, 5_000_000)]
    [InlineData(5_000_031, 5_000_000)]
    [InlineData(long.MaxValue, 0x7FFF_E000_0000_0000)]
    [InlineData(-5, 0)]
    public void An_estimate_is_rounded_down_to_eighteen_significant_bits(long bitrate, long expected)
    {
        byte[] bytes = Written((ref RtcpWriter w) => ReceiverEstimatedMaximumBitrate.TryWrite(ref w, new(1), new Bitrate(bitrate), [new(7), new(8)]));
        Assert.True(ReceiverEstimatedMaximumBitrate.TryParse(Single(bytes), out ReceiverEstimatedMaximumBitrate remb));
        Assert.Equal(expected, remb.Bitrate.BitsPerSecond);
        Assert.True(remb.Bitrate.BitsPerSecond <= Math.Max(bitrate, 0));
        Assert.Equal(2, remb.Count);
        Assert.Equal(new Ssrc(8), remb[1]);
    }

    [Theory]
    [InlineData("00000000", 0L)]
    [InlineData("00FC0000", 0L)] // exponent 63, mantissa 0
    [InlineData("00FC0001", long.MaxValue)] // 2^63
    [InlineData("00F80001", 0x4000_0000_0000_0000L)] // 2^62
    [InlineData("00FFFFFF", long.MaxValue)]
    [InlineData("00B7FFFF", 0x7FFF_E000_0000_0000L)] // 2^63 less 2^45
    [InlineData("00BBFFFF", long.MaxValue)]
    public void An_estimate_beyond_63_bits_is_clamped(string word, long expected)
    {
        byte[] bytes = Convert.FromHexString("8FCE0004" + "0000000100000000" + "52454D42" + word);
        Assert.True(ReceiverEstimatedMaximumBitrate.TryParse(Single(bytes), out ReceiverEstimatedMaximumBitrate remb));
        Assert.Equal(expected, remb.Bitrate.BitsPerSecond);
    }

    [Fact]
    public void An_estimate_for_more_sources_than_are_there_is_refused_and_other_feedback_is_unknown()
    {
        Assert.False(ReceiverEstimatedMaximumBitrate.TryParse(Single(Convert.FromHexString("8FCE0004" + "0000000100000000" + "52454D42" + "01000001")), out _));
        Assert.True(RtcpReader.TryOpen(Convert.FromHexString("8FCE0004" + "0000000100000000" + "52454D43" + "01000001"), out RtcpReader reader));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(1, reader.UnknownCount);
    }

    [Fact]
    public void Extended_reports_read_back_and_unknown_blocks_are_passed_over()
    {
        byte[] bytes = Written((ref RtcpWriter w) => ExtendedReport.TryWriteReferenceTime(ref w, new(1), new(0x0102_0304_0506_0708)));
        Assert.True(ExtendedReport.TryParse(Single(bytes), out ExtendedReport report));
        Assert.Equal(new NtpTimestamp(0x0102_0304_0506_0708), report.ReferenceTime);
        Assert.Equal(0, report.DelayCount);
        DelaySinceLastReceiverReport delay = new(new(1), new(2), new(3));
        bytes = Written((ref RtcpWriter w) => ExtendedReport.TryWriteDelays(ref w, new(1), [delay, delay with { Ssrc = new(9) }]));
        Assert.True(ExtendedReport.TryParse(Single(bytes), out report));
        Assert.True(report.ReferenceTime.IsNone);
        Assert.Equal(2, report.DelayCount);
        Assert.Equal(delay, report.GetDelay(0));
        Assert.Equal(new Ssrc(9), report.GetDelay(1).Ssrc);
        string unknown = "2A000001DEADBEEF";
        Assert.True(ExtendedReport.TryParse(Single(Convert.FromHexString("80CF0006" + "00000001" + unknown + "04000002" + "0000000000000005")), out report));
        Assert.Equal(new NtpTimestamp(5), report.ReferenceTime);
        Assert.False(ExtendedReport.TryParse(Single(Convert.FromHexString("80CF0002" + "00000001" + "04000002")), out _));
    }

    private static ReportBlock[] RandomBlocks(int count, int seed)
    {
        Random random = new(seed);
        uint Next() => (uint)random.NextInt64(1L << 32);
        return [.. Enumerable.Range(0, count).Select(_ => new ReportBlock(new(Next()), (byte)Next(), random.Next(-0x80_0000, 0x80_0000), Next(), Next(), new(Next()), new(Next())))];
    }

    private static byte[] Written(Write write)
    {
        byte[] into = new byte[1500];
        RtcpWriter writer = new(into);
        write(ref writer);
        return into[..writer.Length];
    }

    private static RtcpPacket Single(byte[] bytes)
    {
        Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
        Assert.True(reader.TryRead(out RtcpPacket packet));
        return packet;
    }
}
