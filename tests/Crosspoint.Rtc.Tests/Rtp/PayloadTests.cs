using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class PayloadTests
{
    private const PayloadFlags Key = PayloadFlags.KeyFrame | PayloadFlags.SwitchingPoint;
    private const PayloadFlags Start = PayloadFlags.StartOfFrame;
    private const PayloadFlags End = PayloadFlags.EndOfFrame;

    // RFC 7741 §4.2; the last byte or two are VP8's own.
    [Theory]
    [InlineData("10" + "00AAAA", Key | Start, 0)]
    [InlineData("10" + "01AAAA", Start, 0)]
    [InlineData("30" + "01AAAA", Start | PayloadFlags.Discardable, 0)]
    [InlineData("00" + "00AAAA", PayloadFlags.None, 0)] // continuation
    [InlineData("11" + "00AAAA", PayloadFlags.None, 0)] // another partition
    [InlineData("9080" + "05" + "01AAAA", Start, 0)]
    [InlineData("90F0" + "8123" + "07" + "A5" + "01AAAA", Start | PayloadFlags.SwitchingPoint, 2)]
    [InlineData("9020" + "40" + "01AAAA", Start, 1)]
    [InlineData("9010" + "FF" + "01AAAA", Start, 0)] // K alone: the TID bits mean nothing
    [InlineData("9040" + "FF" + "01AAAA", Start, 0)]
    public void Vp8_facts(string hex, PayloadFlags flags, int temporal)
    {
        Assert.True(PayloadReader.TryRead(PayloadFormat.Vp8, Convert.FromHexString(hex), false, out PayloadFacts facts));
        Assert.Equal(new PayloadFacts(flags, 0, (byte)temporal), facts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("90")]
    [InlineData("9080")]
    [InlineData("908005")]
    [InlineData("908081")]
    [InlineData("90808123")]
    [InlineData("90F0812307")]
    [InlineData("90F0812307A5")]
    public void Vp8_descriptors_that_are_cut_short_are_refused(string hex)
    {
        Assert.False(PayloadReader.TryRead(PayloadFormat.Vp8, Convert.FromHexString(hex), false, out _));
    }

    [Theory]
    [InlineData("90F0" + "8123" + "07" + "A5" + "01", "90F0" + "D678" + "09" + "A5" + "01")]
    [InlineData("90C0" + "23" + "07" + "01", "90C0" + "78" + "09" + "01")] // seven bits
    [InlineData("9080" + "8123" + "01", "9080" + "D678" + "01")]
    [InlineData("9040" + "07" + "01", "9040" + "09" + "01")]
    [InlineData("10" + "01", "10" + "01")]
    public void Vp8_numbers_are_overwritten_in_place(string before, string after)
    {
        byte[] payload = Convert.FromHexString(before);
        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor));
        descriptor.Overwrite(payload, 0x5678, 9);
        Assert.Equal(after, Convert.ToHexString(payload));
    }

    [Theory]
    [InlineData("08" + "AA", Key | Start, 0, 0, 0, 0)]
    [InlineData("48" + "AA", Start, 0, 0, 0, 0)]
    [InlineData("0C" + "AA", Key | Start | End, 0, 0, 0, 0)]
    [InlineData("A8" + "8123" + "00" + "07" + "AA", Key | Start, 0, 0, 0, 0)] // layers, not flexible
    [InlineData("A8" + "8123" + "03" + "07" + "AA", Start, 1, 0, 0, 0)] // SID 1, inter-layer: part of a key picture, not its begin
    [InlineData("E8" + "23" + "54" + "07" + "AA", Start | PayloadFlags.SwitchingPoint, 2, 2, 0, 0)] // TID 2, U, SID 2
    [InlineData("F8" + "23" + "20" + "03" + "02" + "AA", Start, 0, 1, 0, 0)] // flexible, two references
    [InlineData("8A" + "23" + "30" + "014000F0" + "028001E0" + "AA", Key | Start, 0, 0, 640, 480)] // SS, two sizes
    [InlineData("8A" + "23" + "18" + "014000F0" + "02" + "1401" + "00" + "AA", Key | Start, 0, 0, 320, 240)] // SS, picture group
    public void Vp9_facts(string hex, PayloadFlags flags, int spatial, int temporal, int width, int height)
    {
        Assert.True(PayloadReader.TryRead(PayloadFormat.Vp9, Convert.FromHexString(hex), false, out PayloadFacts facts));
        Assert.Equal(new PayloadFacts(flags, (byte)spatial, (byte)temporal, (ushort)width, (ushort)height), facts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("08")]
    [InlineData("88" + "81")]
    [InlineData("A8" + "23" + "00")]
    [InlineData("18" + "AA")] // flexible without picture id
    [InlineData("D8" + "23" + "03")]
    [InlineData("D8" + "23" + "030303" + "AA")] // more than three references
    [InlineData("8A" + "23" + "30" + "014000F0" + "0280")]
    [InlineData("8A" + "23" + "08" + "FF" + "00")]
    [InlineData("8A" + "23" + "08" + "01" + "0C" + "01")]
    public void Vp9_descriptors_that_are_broken_are_refused(string hex)
    {
        Assert.False(PayloadReader.TryRead(PayloadFormat.Vp9, Convert.FromHexString(hex), false, out _));
    }

    [Theory]
    [InlineData("6742C01F", Key | Start)] // SPS
    [InlineData("68CE3C80", Start)] // PPS
    [InlineData("65888400", PayloadFlags.SwitchingPoint | Start)] // IDR, first slice: the keyframe began at its SPS
    [InlineData("65088400", PayloadFlags.SwitchingPoint)] // IDR, a later slice
    [InlineData("419A0000", Start)]
    [InlineData("411A0000", PayloadFlags.None)]
    [InlineData("019A0000", Start | PayloadFlags.Discardable)]
    [InlineData("78" + "0004" + "6742C01F" + "0002" + "68CE", Key | Start)] // STAP-A
    [InlineData("78" + "0002" + "419A", Start)]
    [InlineData("7C85" + "8884", PayloadFlags.SwitchingPoint | Start)] // FU-A, IDR, begins
    [InlineData("7C05" + "8884", PayloadFlags.None)]
    [InlineData("5C81" + "9A00", Start)]
    [InlineData("1C01" + "9A00", PayloadFlags.Discardable)]
    public void H264_facts(string hex, PayloadFlags flags)
    {
        Assert.True(PayloadReader.TryRead(PayloadFormat.H264, Convert.FromHexString(hex), false, out PayloadFacts facts));
        Assert.Equal(flags, facts.Flags);
        Assert.True(PayloadReader.TryRead(PayloadFormat.H264, Convert.FromHexString(hex), true, out facts));
        Assert.Equal(flags | End, facts.Flags);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("78")]
    [InlineData("7800")]
    [InlineData("780000")]
    [InlineData("7800056742C01F")]
    [InlineData("7800026742C0")]
    [InlineData("7C85")]
    [InlineData("79000000")] // STAP-B
    [InlineData("7D858884")] // FU-B
    public void H264_payloads_that_are_broken_or_of_other_modes_are_refused(string hex)
    {
        Assert.False(PayloadReader.TryRead(PayloadFormat.H264, Convert.FromHexString(hex), false, out _));
    }

    [Theory]
    [InlineData("18" + "0A0B", Key | Start, 0, 0, 1)] // W 1, N, sequence header
    [InlineData("28" + "02" + "0A0B" + "3200", Key | Start, 0, 0, 2)]
    [InlineData("00" + "02" + "0A0B" + "02" + "3200", Start, 0, 0, 2)] // each with a length
    [InlineData("10" + "3648AA", Start, 1, 2, 1)] // frame with an extension: TID 2, SID 1
    [InlineData("90" + "0A0B", PayloadFlags.None, 0, 0, 1)] // a continuation says nothing
    [InlineData("A0" + "01AA" + "3200", PayloadFlags.None, 0, 0, 2)]
    [InlineData("10" + "2200", PayloadFlags.None, 0, 0, 1)] // a tile group
    public void Av1_facts(string hex, PayloadFlags flags, int spatial, int temporal, int elements)
    {
        byte[] payload = Convert.FromHexString(hex);
        Assert.True(PayloadReader.TryRead(PayloadFormat.Av1, payload, false, out PayloadFacts facts));
        Assert.Equal(new PayloadFacts(flags, (byte)spatial, (byte)temporal), facts);
        Assert.True(Av1Packet.TryRead(payload, out Av1Packet packet));
        Assert.Equal(elements, packet.ElementCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("98" + "0A0B")] // continues and begins
    [InlineData("20" + "050A0B")] // runs over the end
    [InlineData("20" + "020A0B")] // one element, two announced
    [InlineData("00" + "FFFFFFFFFF" + "00")] // a length without end
    [InlineData("00" + "FFFFFFFF0F" + "00")]
    public void Av1_payloads_that_are_broken_are_refused(string hex)
    {
        Assert.False(PayloadReader.TryRead(PayloadFormat.Av1, Convert.FromHexString(hex), false, out _));
    }

    [Theory]
    [InlineData("78" + "AABBCC", 15, false, 1, 20, false)] // hybrid fullband 20 ms, as browsers send it
    [InlineData("FC" + "FFFE", 31, true, 1, 20, false)] // CELT fullband 20 ms
    [InlineData("E0" + "AABB", 28, false, 1, 2.5, false)]
    [InlineData("1A" + "AABB", 3, false, 2, 60, false)] // two frames
    [InlineData("7B" + "03" + "AA", 15, false, 3, 20, false)]
    [InlineData("78", 15, false, 1, 20, true)] // DTX
    [InlineData("78" + "AA", 15, false, 1, 20, true)]
    public void Opus_facts(string hex, int configuration, bool stereo, int frames, double milliseconds, bool silent)
    {
        Assert.True(OpusPacket.TryRead(Convert.FromHexString(hex), out OpusPacket packet));
        Assert.Equal(new OpusPacket((byte)configuration, stereo, frames, TimeSpan.FromMilliseconds(milliseconds), silent), packet);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7B")]
    [InlineData("7B00AA")] // no frame
    [InlineData("7B07AA")] // 140 ms
    public void Opus_packets_without_sense_are_refused(string hex)
    {
        Assert.False(PayloadReader.TryRead(PayloadFormat.Opus, Convert.FromHexString(hex), false, out _));
    }
}
