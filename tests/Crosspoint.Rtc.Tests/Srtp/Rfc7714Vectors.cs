using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Tests.Crypto;

namespace Crosspoint.Rtc.Tests.Srtp;

/// <summary>RFC 7714 §16 (SRTP) and §17 (SRTCP), with OpenSSL and with libipsec-mb. The keys there are session keys.</summary>
public class Rfc7714Vectors
{
    private const string Key128 = "000102030405060708090a0b0c0d0e0f";
    private const string Key256 = Key128 + "101112131415161718191a1b1c1d1e1f";
    private const string Salt = "517569642070726f2071756f";
    private const string RtpHeader = "8040f17b8041f8d35501a0b2";
    private const string RtpPayload = "47616c6c696120657374206f6d6e697320646976697361" + "20696e207061727465732074726573";
    private const uint RtpSsrc = 0x5501a0b2;
    private const long RtpIndex = 0xf17b;
    private const string Rtcp = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
    private const uint RtcpSsrc = 0x4d617273;
    private const uint RtcpIndex = 0x5d4;

    // §16.1.1, §16.2.1
    [Theory]
    [InlineData(Key128, "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(Key256, "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void Section_16_rtp_is_protected_and_opened(string key, string expected) => CheckRtp(null, key, expected);

    [IpsecMbTheory]
    [InlineData(Key128, "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(Key256, "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void Section_16_rtp_is_protected_and_opened_by_ipsec_mb(string key, string expected) => CheckRtp(IpsecMb.Shared, key, expected);

    private static void CheckRtp(IpsecMb? library, string key, string expected)
    {
        var header = Convert.FromHexString(RtpHeader);
        var payload = Convert.FromHexString(RtpPayload);
        var packet = new byte[header.Length + payload.Length + 16];
        using var sender = Transform(library, key, protects: true);
        Assert.True(sender.ProtectRtp(RtpSsrc, RtpIndex, header, payload, packet));
        Assert.Equal(RtpHeader + expected, Convert.ToHexStringLower(packet));

        using var receiver = Transform(library, key, protects: false);
        Assert.True(receiver.UnprotectRtp(RtpSsrc, RtpIndex, packet, header.Length));
        Assert.Equal(RtpHeader + RtpPayload, Convert.ToHexStringLower(packet.AsSpan(0, packet.Length - 16)));
    }

    // §17.1, §17.2
    [Theory]
    [InlineData(Key128, "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [InlineData(Key256, "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4")]
    public void Section_17_rtcp_is_protected_and_opened(string key, string expected) => CheckRtcp(null, key, expected);

    [IpsecMbTheory]
    [InlineData(Key128, "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [InlineData(Key256, "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4")]
    public void Section_17_rtcp_is_protected_and_opened_by_ipsec_mb(string key, string expected) => CheckRtcp(IpsecMb.Shared, key, expected);

    private static void CheckRtcp(IpsecMb? library, string key, string expected)
    {
        var plain = Convert.FromHexString(Rtcp);
        var packet = new byte[plain.Length + 20];
        using var sender = Transform(library, key, protects: true);
        Assert.True(sender.ProtectRtcp(RtcpSsrc, RtcpIndex, plain, packet));
        Assert.Equal(Rtcp[..16] + expected, Convert.ToHexStringLower(packet));

        using var receiver = Transform(library, key, protects: false);
        Assert.True(receiver.UnprotectRtcp(RtcpSsrc, RtcpIndex, isEncrypted: true, packet));
        Assert.Equal(Rtcp, Convert.ToHexStringLower(packet.AsSpan(0, plain.Length)));
    }

    // §17.3
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Section_17_3_rtcp_that_is_only_tagged_is_authenticated(bool tampered) => CheckTagged(null, tampered);

    [IpsecMbTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Section_17_3_rtcp_that_is_only_tagged_is_authenticated_by_ipsec_mb(bool tampered) => CheckTagged(IpsecMb.Shared, tampered);

    private static void CheckTagged(IpsecMb? library, bool tampered)
    {
        var packet = Convert.FromHexString(Rtcp + "841dd9683dd78ec92ae58790125f62b3000005d4");
        packet[12] ^= tampered ? (byte)1 : (byte)0;
        using var receiver = Transform(library, Key128, protects: false);
        Assert.Equal(!tampered, receiver.UnprotectRtcp(RtcpSsrc, RtcpIndex, isEncrypted: false, packet));
    }

    private static AeadAesGcmTransform Transform(IpsecMb? library, string key, bool protects) =>
        new(Convert.FromHexString(key), Convert.FromHexString(Salt), protects, library);
}
