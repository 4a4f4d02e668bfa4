using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class RtxPacketTests
{
    private static readonly byte[] Original = RtpBytes.Packet([(1, [0xA1]), (2, [2, 3])], [10, 11, 12]);

    [Fact]
    public void A_wrapped_packet_carries_the_original_number_before_the_payload()
    {
        RtpPacket packet = RtpBytes.Parse(Original);
        byte[] into = new byte[100];
        int length = RtxPacket.Wrap(packet, new(9), new(97), new(5), into);
        Assert.True(RtpPacket.TryParse(into.AsSpan(0, length), out RtpPacket rtx));
        Assert.Equal(new RtpHeaderFields(new(97), true, new(5), packet.Timestamp, new(9)), new RtpHeaderFields(rtx.PayloadType, rtx.Marker, rtx.SequenceNumber, rtx.Timestamp, rtx.Ssrc));
        Assert.Equal("FFFE0A0B0C", Convert.ToHexString(rtx.Payload));
        Assert.True(rtx.TryGetExtension(2, out _));
    }

    [Fact]
    public void Unwrapping_gives_back_the_original_bytes()
    {
        RtpPacket packet = RtpBytes.Parse(Original);
        byte[] into = new byte[100];
        int length = RtxPacket.Wrap(packet, new(9), new(97), new(5), into);
        Assert.True(RtxPacket.TryUnwrapInPlace(into.AsSpan(0, length), packet.Ssrc, packet.PayloadType, out SequenceNumber original));
        Assert.Equal(packet.SequenceNumber, original);
        Assert.Equal(Convert.ToHexString(Original), Convert.ToHexString(into.AsSpan(2, length - 2)));
    }

    [Theory]
    [InlineData("A060FFFE12345678CAFEBABE0002")] // padding only
    [InlineData("8060FFFE12345678CAFEBABE00")]
    [InlineData("8060FFFE12345678CAFEBABE")]
    public void Packets_without_a_whole_number_are_no_retransmissions(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        RtpPacket rtx = RtpBytes.Parse(bytes);
        Assert.False(RtxPacket.TryRead(rtx, out _, out _));
        Assert.False(RtxPacket.TryUnwrapInPlace(bytes, new(1), new(2), out _));
    }

    [Fact]
    public void What_does_not_fit_is_not_wrapped()
    {
        RtpPacket packet = RtpBytes.Parse(Original);
        Assert.Equal(0, RtxPacket.Wrap(packet, new(9), new(97), new(5), new byte[Original.Length + 1]));
    }

    [Fact]
    public void Wrapping_and_unwrapping_allocate_nothing()
    {
        byte[] into = new byte[100];
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            RtpPacket packet = RtpBytes.Parse(Original);
            int length = RtxPacket.Wrap(packet, new(9), new(97), new(5), into);
            RtxPacket.TryUnwrapInPlace(into.AsSpan(0, length), packet.Ssrc, packet.PayloadType, out _);
        }));
    }
}
