using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Tests.Forwarding;

public class KeyFrameStartTests
{
    [Theory]
    [InlineData(MediaCodec.Vp8, "1000", true)] // start of partition 0, P = 0
    [InlineData(MediaCodec.Vp8, "1001", false)] // interframe
    [InlineData(MediaCodec.Vp8, "0000", false)] // continuation
    [InlineData(MediaCodec.Vp8, "1100", false)] // partition 1
    [InlineData(MediaCodec.Vp8, "90E0812300E000", true)] // 15-bit picture id, TL0PICIDX, TID
    [InlineData(MediaCodec.Vp8, "90E0812300E001", false)]
    [InlineData(MediaCodec.Vp8, "908011 00", true)] // 7-bit picture id
    [InlineData(MediaCodec.Vp8, "9080", false)] // announced but absent
    [InlineData(MediaCodec.Vp9, "0800", true)]
    [InlineData(MediaCodec.Vp9, "4800", false)] // inter-predicted
    [InlineData(MediaCodec.Vp9, "0000", false)] // not the beginning
    [InlineData(MediaCodec.Vp9, "A8 11 00 00", true)] // picture id, spatial layer 0
    [InlineData(MediaCodec.Vp9, "A8 11 02 00", false)] // spatial layer 1
    [InlineData(MediaCodec.H264, "6742C01F", true)] // SPS
    [InlineData(MediaCodec.H264, "6588", false)] // IDR without SPS
    [InlineData(MediaCodec.H264, "78 0002 6742 0002 68CE", true)] // STAP-A with SPS
    [InlineData(MediaCodec.H264, "78 0002 68CE 0002 6742", true)]
    [InlineData(MediaCodec.H264, "78 FFFF 68", false)] // lying length
    [InlineData(MediaCodec.H264, "7C 85", false)] // FU-A of an IDR
    [InlineData(MediaCodec.Av1, "1801", true)]
    [InlineData(MediaCodec.Av1, "1001", false)]
    [InlineData(MediaCodec.Av1, "9801", false)] // continuation
    [InlineData(MediaCodec.Opus, "FC00", false)]
    public void A_decoder_can_begin_where_a_keyframe_does(MediaCodec codec, string payload, bool expected) =>
        Assert.Equal(expected, KeyFrameStart.IsAt(codec, Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void No_payload_is_read_beyond_its_end()
    {
        Random random = new(11);
        byte[] bytes = new byte[24];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            int length = random.Next(bytes.Length + 1);
            foreach (MediaCodec codec in Enum.GetValues<MediaCodec>())
            {
                KeyFrameStart.IsAt(codec, bytes.AsSpan(0, length));
            }
        }
    }
}
