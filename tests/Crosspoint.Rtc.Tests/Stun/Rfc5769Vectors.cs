using System.Net;
using System.Text;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Tests.Stun;

/// <summary>The vectors of RFC 5769 §2 and of RFC 8489 appendix B.1.</summary>
public class Rfc5769Vectors
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";

    private const string Request =
        "000100582112a442b7e7a701bc34d686fa87dfae" +
        "802200105354554e207465737420636c69656e74" +
        "002400046e0001ff" +
        "80290008932ff9b151263b36" +
        "000600096576746a3a68367659202020" +
        "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" +
        "80280004e57a3bcf";

    private const string ResponseIPv4 =
        "0101003c2112a442b7e7a701bc34d686fa87dfae" +
        "8022000b7465737420766563746f7220" +
        "002000080001a147e112a643" +
        "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" +
        "80280004c07d4c96";

    private const string ResponseIPv6 =
        "010100482112a442b7e7a701bc34d686fa87dfae" +
        "8022000b7465737420766563746f7220" +
        "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9" +
        "00080014a382954e4be67bf11784c97c8292c275bfe3ed41" +
        "80280004c8fb0b4c";

    private const string LongTermRequest =
        "000100602112a44278ad3433c6ad72c029da412e" +
        "00060012e3839ee38388e383aae38383e382afe382b90000" +
        "0015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341" +
        "0014000b6578616d706c652e6f726700" +
        "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666";

    // With PASSWORD-ALGORITHM and the HMAC of the verified erratum; the printed one does not follow from its own parameters.
    private const string Sha256Request =
        "000100902112a44278ad3433c6ad72c029da412e" +
        "001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704" +
        "001500296f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c39465354767936347341000000" +
        "0014000b6578616d706c652e6f726700" +
        "001d000400020000" +
        "001c0020b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65";

    private static readonly byte[] Key = Encoding.ASCII.GetBytes(Password);

    [Fact]
    public void The_sample_request_parses_and_is_authentic()
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(Request), out StunMessage message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.True(message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username));
        Assert.Equal("evtj:h6vY", Encoding.ASCII.GetString(username));
        Assert.True(message.TryGetUInt32(StunAttributeType.Priority, out uint priority));
        Assert.Equal(0x6e0001ffu, priority);
        Assert.True(message.TryGetUInt64(StunAttributeType.IceControlled, out ulong tieBreaker));
        Assert.Equal(0x932ff9b151263b36u, tieBreaker);
        Assert.True(StunFingerprint.Verify(message));
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.Verify(message, Key));
        Assert.Equal(StunIntegrityResult.Mismatch, StunIntegrity.Verify(message, "VOkJxbRl1RmTxUk/WvJxBT"u8));
    }

    [Theory]
    [InlineData(ResponseIPv4, "192.0.2.1")]
    [InlineData(ResponseIPv6, "2001:db8:1234:5678:11:2233:4455:6677")]
    public void The_sample_responses_carry_their_addresses(string hex, string ip)
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(hex), out StunMessage message));
        Assert.Equal(StunClass.Success, message.Class);
        Assert.True(message.TryGetXorMappedAddress(TransportProtocol.Udp, out TransportAddress address));
        Assert.Equal(TransportAddress.From(IPAddress.Parse(ip), 32853), address);
        Assert.True(StunFingerprint.Verify(message));
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.Verify(message, Key));
    }

    [Fact]
    public void The_long_term_request_is_authentic()
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(LongTermRequest), out StunMessage message));
        byte[] key = StunLongTermKey.Compute("マトリックス", "example.org", "TheMatrIX", StunPasswordAlgorithm.Md5);
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.Verify(message, key));
        Assert.False(message.HasFingerprint);
    }

    [Fact]
    public void The_sha256_request_is_authentic_and_names_its_user_by_hash()
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(Sha256Request), out StunMessage message));
        Assert.True(message.TryGet(StunAttributeType.Userhash, out ReadOnlySpan<byte> userhash));
        Assert.Equal(StunLongTermKey.Userhash("マトリックス", "example.org"), userhash.ToArray());
        byte[] key = StunLongTermKey.Compute("マトリックス", "example.org", "TheMatrIX", StunPasswordAlgorithm.Sha256);
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.Verify(message, key));
    }

    [Fact]
    public void The_writer_writes_the_sample_response_byte_for_byte_but_for_its_padding()
    {
        var id = StunTransactionId.Read(Convert.FromHexString("b7e7a701bc34d686fa87dfae"));
        Span<byte> buffer = stackalloc byte[256];
        var writer = new StunWriter(buffer, StunClass.Success, StunMethod.Binding, id);
        // The RFC pads SOFTWARE with a space, which is legal; written as part of the value it gives the same bytes but for the length.
        writer.Add(StunAttributeType.Software, "test vector "u8);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, TransportAddress.From(IPAddress.Parse("192.0.2.1"), 32853));
        Assert.True(writer.TryFinish(out int length));
        byte[] expected = Convert.FromHexString(ResponseIPv4);
        Assert.Equal(expected[24..48], buffer[24..length].ToArray());
    }
}
