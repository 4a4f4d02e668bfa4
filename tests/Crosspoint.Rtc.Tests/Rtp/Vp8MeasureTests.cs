using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Rtc.Tests.Rtp;

public class Vp8MeasureTests
{
    [Fact]
    public void A_descriptor_is_measured_as_it_is_read()
    {
        const int Seed = 7741;
        Random random = new(Seed);
        byte[] payload = new byte[9];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(payload);
            ReadOnlySpan<byte> cut = payload.AsSpan(0, random.Next(0, payload.Length + 1));
            bool isRead = Vp8Descriptor.TryRead(cut, out Vp8Descriptor descriptor);
            Assert.True(isRead == Vp8Descriptor.TryMeasure(cut, out int length), $"seed {Seed}: {Convert.ToHexString(cut)}");
            Assert.True(!isRead || length == descriptor.Length, $"seed {Seed}: {Convert.ToHexString(cut)}");
        }
    }
}
