using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Tests.Srtp;

/// <summary>RFC 3711 appendix B.</summary>
public class Rfc3711Vectors
{
    [Fact]
    public void Appendix_B2_the_key_stream_of_aes_counter_mode()
    {
        using var cipher = new AesCtr(Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C"));
        var stream = new byte[48];
        Assert.True(cipher.Transform(Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), stream, stream));
        Assert.Equal("E03EAD0935C95E80E166B16DD92B4EB4" + "D23513162B02D0F72A43A2FE4A5F97AB" + "41E95B3BB0A2E8DD477901E4FCA894C0", Convert.ToHexString(stream));
    }

    [Theory]
    [InlineData(0, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData(1, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")]
    [InlineData(2, "30CBBC08863D8C85D49DB34A9AE1")]
    public void Appendix_B3_session_keys_from_the_master_key(byte label, string expected)
    {
        using var master = new SrtpMasterKey(
            SrtpProfile.Aes128CmHmacSha1Tag80,
            Convert.FromHexString("E1F97A0D3E018BE0D64FA32C06DE4139"),
            Convert.FromHexString("0EC675AD498AFEEBB6960B3AABE6"));
        var key = new byte[expected.Length / 2];
        SrtpKeyDerivation.Derive(master, label, key);
        Assert.Equal(expected, Convert.ToHexString(key));
    }
}
