using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Rtc.Tests.SFrame;

public class SFrameKeyTests
{
    private static readonly byte[] BaseKey = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private static readonly byte[] Metadata = [0x10, 2, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0];

    public static TheoryData<SFrameSuite> Suites => [.. Enum.GetValues<SFrameSuite>()];

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_was_encrypted_is_decrypted(SFrameSuite suite)
    {
        using SFrameKey sending = SFrameKey.ForSending(suite, 7, BaseKey);
        using SFrameKey receiving = SFrameKey.ForReceiving(suite, 7, BaseKey);
        Random random = new(9605);
        for (int length = 0; length < 300; length++)
        {
            byte[] plain = new byte[length];
            random.NextBytes(plain);
            ulong counter = (ulong)random.NextInt64() >> random.Next(64);
            byte[] frame = new byte[length + sending.MaxOverhead];
            frame = frame[..sending.Encrypt(counter, Metadata, plain, frame)];
            byte[] text = new byte[frame.Length];
            Assert.Equal(SFrameResult.Ok, receiving.TryDecrypt(frame, Metadata, text, out ulong read, out int got));
            Assert.Equal(counter, read);
            Assert.Equal(plain, text[..got]);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_changed_bit_is_noticed(SFrameSuite suite)
    {
        using SFrameKey sending = SFrameKey.ForSending(suite, 7, BaseKey);
        using SFrameKey receiving = SFrameKey.ForReceiving(suite, 7, BaseKey);
        byte[] plain = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        byte[] frame = new byte[plain.Length + sending.MaxOverhead];
        frame = frame[..sending.Encrypt(300, Metadata, plain, frame)];
        byte[] text = new byte[frame.Length];
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            text.AsSpan().Fill(0xEE);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SFrameResult.Ok, receiving.TryDecrypt(frame, Metadata, text, out _, out int length));
            Assert.Equal(0, length);
            Assert.False(text.AsSpan().IndexOf(plain) >= 0, "no plaintext is left of a frame that is not authentic");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        byte[] other = [.. Metadata];
        other[3] ^= 1;
        Assert.Equal(SFrameResult.NotAuthentic, receiving.TryDecrypt(frame, other, text, out _, out _));
        Assert.Equal(SFrameResult.NotAuthentic, receiving.TryDecrypt(frame, [], text, out _, out _));
        Assert.Equal(SFrameResult.Ok, receiving.TryDecrypt(frame, Metadata, text, out _, out _));
    }

    [Fact]
    public void A_refusal_says_why()
    {
        using SFrameKey sending = SFrameKey.ForSending(SFrameSuite.Aes128GcmSha256Tag128, 7, BaseKey);
        using SFrameKey other = SFrameKey.ForReceiving(SFrameSuite.Aes128GcmSha256Tag128, 6, BaseKey);
        using SFrameKey receiving = SFrameKey.ForReceiving(SFrameSuite.Aes128GcmSha256Tag128, 7, BaseKey);
        byte[] frame = new byte[64];
        int length = sending.Encrypt(0, [], [1, 2, 3], frame);
        byte[] text = new byte[64];
        Assert.Equal(SFrameResult.OtherKey, other.TryDecrypt(frame.AsSpan(0, length), [], text, out _, out _));
        Assert.Equal(SFrameResult.MalformedHeader, receiving.TryDecrypt([], [], text, out _, out _));
        Assert.Equal(SFrameResult.MalformedHeader, receiving.TryDecrypt([0x80, 7, .. frame[1..length]], [], text, out _, out _));
        Assert.Equal(SFrameResult.TooShort, receiving.TryDecrypt(frame.AsSpan(0, 16), [], text, out _, out _));
        Assert.Throws<InvalidOperationException>(() => sending.TryDecrypt(frame, [], text, out _, out _));
        Assert.Throws<ArgumentException>(() => receiving.Encrypt(0, [], [1], frame));
        Assert.Throws<ArgumentException>(() => sending.Encrypt(0, [], [1], new byte[17]));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Nothing_is_allocated_for_a_frame(SFrameSuite suite)
    {
        using SFrameKey sending = SFrameKey.ForSending(suite, 7, BaseKey);
        using SFrameKey receiving = SFrameKey.ForReceiving(suite, 7, BaseKey);
        byte[] plain = new byte[1000];
        byte[] frame = new byte[1100];
        byte[] text = new byte[1100];
        ulong counter = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            int length = sending.Encrypt(counter++, Metadata, plain, frame);
            if (receiving.TryDecrypt(frame.AsSpan(0, length), Metadata, text, out _, out _) != SFrameResult.Ok)
            {
                throw new InvalidOperationException("Not decrypted.");
            }
        }));
    }
}
