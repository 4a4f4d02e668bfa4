using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Tests.Srtp;

internal static class SrtpTestKeys
{
    public static readonly SrtpProfile[] Profiles = [SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm];

    public static TheoryData<SrtpProfile> AllProfiles => new(Profiles);

    public static SrtpMasterKey Master(SrtpProfile profile, int seed = 7)
    {
        var parameters = SrtpProfileParameters.Of(profile);
        var bytes = new byte[parameters.KeyLength + parameters.SaltLength];
        new Random(seed).NextBytes(bytes);
        return new SrtpMasterKey(profile, bytes.AsSpan(0, parameters.KeyLength), bytes.AsSpan(parameters.KeyLength));
    }

    public static (SrtpProtector Sender, SrtpUnprotector Receiver) Pair(SrtpProfile profile, SrtpOptions? options = null)
    {
        using var master = Master(profile);
        return (new SrtpProtector(master, options), new SrtpUnprotector(master, options));
    }

    public static byte[] Header(int sequence, uint ssrc = 0x01020304)
    {
        var header = new byte[12];
        header[0] = 0x80;
        header[1] = 96;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), ssrc);
        return header;
    }

    public static byte[] Protect(SrtpProtector sender, int sequence, uint ssrc = 0x01020304)
    {
        var packet = new byte[64];
        var length = sender.ProtectRtp(Header(sequence, ssrc), "payload of a packet"u8, packet);
        Assert.Equal(SrtpResult.Ok, sender.LastResult);
        return packet[..length];
    }

    public static SrtpResult Unprotect(SrtpUnprotector receiver, byte[] packet) => receiver.UnprotectRtp(packet.ToArray(), 12, out _);
}
