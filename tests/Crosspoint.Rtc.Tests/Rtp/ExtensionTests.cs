using System.Text;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class ExtensionTests
{
    [Fact]
    public void Every_audio_level_reads_back()
    {
        byte[] into = new byte[1];
        for (int level = 0; level < 128; level++)
        {
            foreach (bool voice in (bool[])[true, false])
            {
                AudioLevel written = new((byte)level, voice);
                written.Write(into);
                Assert.True(AudioLevel.TryRead(into, out AudioLevel read));
                Assert.Equal(written, read);
            }
        }

        new AudioLevel(200, false).Write(into);
        Assert.Equal(127, into[0]);
        Assert.False(AudioLevel.TryRead([], out _));
        Assert.False(AudioLevel.TryRead([1, 2, 3], out _));
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(1000, 0x040000u)]
    [InlineData(1500, 0x060000u)]
    [InlineData(64_000, 0u)]
    [InlineData(64_000_001_500.0, 0x060000u)] // two years up
    [InlineData(63_999.999, 0xFFFFFFu)]
    public void Send_times_are_six_bits_of_seconds_and_eighteen_of_fraction(double milliseconds, uint expected)
    {
        AbsoluteSendTime time = AbsoluteSendTime.From(Instant.FromMilliseconds(milliseconds));
        Assert.Equal(expected, time.Value);
        byte[] into = new byte[3];
        time.Write(into);
        Assert.True(AbsoluteSendTime.TryRead(into, out AbsoluteSendTime read));
        Assert.Equal(time, read);
        Assert.False(AbsoluteSendTime.TryRead(new byte[4], out _));
    }

    [Theory]
    [InlineData(0x000000u, 0x040000u, 1000)]
    [InlineData(0xFE0000u, 0x020000u, 1000)]
    [InlineData(0x040000u, 0x000000u, -1000)]
    public void The_distance_of_send_times_is_the_short_way_around(uint from, uint to, double milliseconds)
    {
        Assert.Equal(milliseconds, AbsoluteSendTime.Distance(new(from), new(to)).TotalMilliseconds);
    }

    [Theory]
    [InlineData("0", true, true)]
    [InlineData("hi_res-1", true, true)]
    [InlineData("a.b", true, false)]
    [InlineData("", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("ä", false, false)]
    [InlineData("0123456789abcdef", true, true)]
    [InlineData("0123456789abcdefg", false, false)]
    public void Identifiers_have_letters_and_a_length(string text, bool mid, bool rid)
    {
        Assert.Equal((mid, rid), (StreamIdentifier.IsMid(Encoding.UTF8.GetBytes(text)), StreamIdentifier.IsRid(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void The_small_elements_read_back()
    {
        byte[] into = new byte[16];
        for (int bits = 0; bits < 16; bits++)
        {
            VideoOrientation orientation = new((byte)(bits & 3), (bits & 4) != 0, (bits & 8) != 0);
            orientation.Write(into);
            Assert.Equal(bits, into[0]);
            Assert.True(VideoOrientation.TryRead(into.AsSpan(0, 1), out VideoOrientation read));
            Assert.Equal(orientation, read);
        }

        TransportSequenceNumber.Write(new(0xABCD), into);
        Assert.True(TransportSequenceNumber.TryRead(into.AsSpan(0, 2), out SequenceNumber number));
        Assert.Equal(new SequenceNumber(0xABCD), number);
        Assert.False(TransportSequenceNumber.TryRead(into.AsSpan(0, 3), out _));

        foreach (AbsoluteCaptureTime time in (AbsoluteCaptureTime[])[new(new NtpTimestamp(0x0102030405060708), null), new(new NtpTimestamp(9), -5)])
        {
            time.Write(into);
            Assert.True(AbsoluteCaptureTime.TryRead(into.AsSpan(0, time.Length), out AbsoluteCaptureTime read));
            Assert.Equal(time, read);
        }

        Assert.False(AbsoluteCaptureTime.TryRead(into.AsSpan(0, 9), out _));
    }

    [Theory]
    [InlineData(0, 0, "000000")]
    [InlineData(100, 400, "00A028")]
    [InlineData(40_950, 40_950, "FFFFFF")]
    public void Playout_delays_are_in_units_of_ten_milliseconds(int minimum, int maximum, string hex)
    {
        byte[] into = new byte[3];
        PlayoutDelay delay = new(TimeSpan.FromMilliseconds(minimum), TimeSpan.FromMilliseconds(maximum));
        delay.Write(into);
        Assert.Equal(hex, Convert.ToHexString(into));
        Assert.True(PlayoutDelay.TryRead(into, out PlayoutDelay read));
        Assert.Equal(delay, read);
    }

    [Fact]
    public void A_playout_delay_out_of_range_is_clamped_and_one_upside_down_refused()
    {
        byte[] into = new byte[3];
        new PlayoutDelay(TimeSpan.FromSeconds(-1), TimeSpan.FromHours(1)).Write(into);
        Assert.Equal("000FFF", Convert.ToHexString(into));
        Assert.False(PlayoutDelay.TryRead(Convert.FromHexString("00A001"), out _));
        Assert.False(PlayoutDelay.TryRead(into.AsSpan(0, 2), out _));
    }

    [Fact]
    public void An_empty_map_drops_all_and_zero_is_no_id()
    {
        Assert.Equal(0, RtpExtensionMap.Empty.Map(1));
        Assert.Equal(0, RtpExtensionMap.Create([(255, 1)]).Map(256));
        Assert.Throws<ArgumentOutOfRangeException>(() => RtpExtensionMap.Create([(0, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RtpExtensionMap.Create([(1, 0)]));
    }
}
