using Crosspoint.Rtc.Srtp;
using static Crosspoint.Rtc.Tests.Srtp.SrtpTestKeys;

namespace Crosspoint.Rtc.Tests.Srtp;

public class SrtpBatchTests
{
    public static TheoryData<SrtpProfile> Profiles => AllProfiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_of_a_batch_is_the_packet_of_a_single_call(SrtpProfile profile)
    {
        var (single, _) = Pair(profile);
        var (batched, receiver) = Pair(profile);
        using var batch = new SrtpBatch();
        var packet = new byte[64];
        Header(7).CopyTo(packet, 0);
        var length = batched.ProtectRtp(batch, packet, 12, "payload of a packet"u8);
        Assert.Equal(0, batch.Complete());
        Assert.Equal(Protect(single, 7), packet[..length]);
        Assert.Equal(SrtpResult.Ok, Unprotect(receiver, packet[..length]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_header_length_that_cannot_be_is_refused(SrtpProfile profile)
    {
        var (sender, _) = Pair(profile);
        using var batch = new SrtpBatch();
        foreach (var headerLength in new[] { -1, 0, 11, 65, int.MaxValue })
        {
            Assert.Equal(0, sender.ProtectRtp(batch, new byte[64], headerLength, default));
            Assert.Equal(SrtpResult.TooShort, sender.LastResult);
        }

        Assert.Equal(0, sender.ProtectRtp(batch, new byte[64], 64, default));
        Assert.Equal(SrtpResult.BufferTooSmall, sender.LastResult);
    }
}
