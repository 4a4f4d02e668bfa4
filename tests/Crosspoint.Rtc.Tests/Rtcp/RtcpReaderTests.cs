using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Rtcp;

public sealed class RtcpReaderTests
{
    private const string EmptyReport = "80C9000100000001";
    private const string Pli = "81CE00020000000100000002";

    [Theory]
    [InlineData("", RtcpDropReason.Truncated)]
    [InlineData("80C900", RtcpDropReason.Truncated)]
    [InlineData("80C9000200000001", RtcpDropReason.Truncated)] // says three words, has two
    [InlineData("40C9000100000001", RtcpDropReason.Version)]
    [InlineData("8060000100000001", RtcpDropReason.Type)] // looks like RTP
    [InlineData(EmptyReport + "80C900", RtcpDropReason.Truncated)] // a broken second packet spoils the first
    [InlineData("A0C9000200000001" + "00000004" + Pli, RtcpDropReason.None)] // padding before the last, as libwebrtc has it
    [InlineData("A0C9000200000001" + "00000003", RtcpDropReason.None)] // and of less than a word
    [InlineData("A0C9000200000001" + "00000000", RtcpDropReason.Padding)]
    [InlineData("A0C9000200000001" + "0000000C", RtcpDropReason.Padding)] // into the header
    [InlineData("A0C9000200000001" + "00000004", RtcpDropReason.None)]
    [InlineData(EmptyReport + Pli, RtcpDropReason.None)]
    [InlineData(Pli, RtcpDropReason.None)]
    public void The_structure_of_a_datagram_is_checked_as_a_whole(string hex, RtcpDropReason expected)
    {
        Assert.Equal(expected == RtcpDropReason.None, RtcpReader.TryOpen(Convert.FromHexString(hex), out _, out RtcpDropReason reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void Packets_of_a_compound_come_in_order_and_unknown_ones_are_counted()
    {
        string application = "80CC0002" + "0000000174657374"; // APP
        string unknownFormat = "9FCD0002" + "0000000100000002"; // RTPFB, FMT 31
        string otherType = "80D00000"; // 208
        byte[] bytes = Convert.FromHexString(EmptyReport + application + unknownFormat + Pli + otherType);
        Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
        Assert.False(reader.IsReducedSize);
        Assert.True(reader.TryRead(out RtcpPacket packet));
        Assert.Equal(RtcpKind.ReceiverReport, packet.Kind);
        Assert.True(reader.TryRead(out packet));
        Assert.Equal(RtcpKind.PictureLossIndication, packet.Kind);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(3, reader.UnknownCount);
    }

    [Fact]
    public void A_lone_feedback_packet_is_reduced_size()
    {
        Assert.True(RtcpReader.TryOpen(Convert.FromHexString(Pli), out RtcpReader reader));
        Assert.True(reader.IsReducedSize);
    }

    [Fact]
    public void Prefixes_and_mutations_of_a_compound_of_everything_never_throw()
    {
        RtcpBytes.Mutations(RtcpBytes.CompoundOfEverything(), 2, 40_000);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        byte[] compound = RtcpBytes.CompoundOfEverything();
        byte[] into = new byte[1500];
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            RtcpBytes.ReadAll(compound);
            RtcpBytes.WriteEverything(into);
        }));
    }

    [Fact]
    public void Whatever_the_room_the_writer_leaves_a_sound_compound()
    {
        int whole = RtcpBytes.WriteEverything(new byte[1500]);
        for (int room = 4; room <= whole; room++)
        {
            byte[] into = new byte[room];
            int length = RtcpBytes.WriteEverything(into);
            Assert.Equal(length > 0, RtcpReader.TryOpen(into.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_writer_refuses_a_count_or_length_that_cannot_be_expressed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => { RtcpWriter writer = new(new byte[100]); writer.TryBegin(RtcpType.Bye, 32, 0, out _); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { RtcpWriter writer = new(new byte[100]); writer.TryBegin(RtcpType.Bye, 1, 2, out _); });
    }
}
