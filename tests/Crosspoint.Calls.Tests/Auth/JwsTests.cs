using System.Buffers.Text;
using System.Text;
using Crosspoint.Calls.Auth;

namespace Crosspoint.Calls.Tests.Auth;

public class JwsTests
{
    private static readonly JwsKey Secret = JwsKey.Hs256(Base64Url.DecodeFromChars(JwsVectors.Hs256Key));
    private static readonly JwsKey Rsa = JsonWebKeySet.Parse(JwsVectors.KeySet(JwsVectors.RsaKey))[0];
    private static readonly JwsKey Ec = JsonWebKeySet.Parse(JwsVectors.KeySet(JwsVectors.EcKey))[0];

    [Fact]
    public void The_vectors_of_RFC_7515_verify()
    {
        Assert.True(Secret.Verifies(Jws.Parse(JwsVectors.Hs256, out _)!));
        Assert.True(Rsa.Verifies(Jws.Parse(JwsVectors.Rs256, out _)!));
        Assert.True(Ec.Verifies(Jws.Parse(JwsVectors.Es256, out _)!));
    }

    [Theory]
    [InlineData(JwsVectors.Hs256)]
    [InlineData(JwsVectors.Rs256)]
    [InlineData(JwsVectors.Es256)]
    public void No_changed_bit_of_a_vector_verifies(string token)
    {
        byte[] signature = Base64Url.DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1));
        for (int index = 0; index < signature.Length; index++)
        {
            signature[index] ^= 1;
            string changed = token[..(token.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(signature);
            Assert.False(Array.Exists([Secret, Rsa, Ec], key => key.Verifies(Jws.Parse(changed, out _)!)));
            signature[index] ^= 1;
        }

        string otherPayload = token.Replace(JwsVectors.Payload, Base64Url.EncodeToString("{\"sub\":\"root\"}"u8), StringComparison.Ordinal);
        Assert.False(Array.Exists([Secret, Rsa, Ec], key => key.Verifies(Jws.Parse(otherPayload, out _)!)));
    }

    [Fact]
    public void A_key_is_good_for_its_own_algorithm_only()
    {
        Assert.False(Rsa.Verifies(Jws.Parse(JwsVectors.Es256, out _)!));
        Assert.False(Ec.Verifies(Jws.Parse(JwsVectors.Hs256, out _)!));
        // The classic confusion: a token "signed" by HMAC with the public key's own text.
        byte[] publicText = Encoding.UTF8.GetBytes(JwsVectors.RsaKey);
        string input = Base64Url.EncodeToString("{\"alg\":\"HS256\"}"u8) + "." + JwsVectors.Payload;
        string forged = input + "." + Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData(publicText, Encoding.ASCII.GetBytes(input)));
        Assert.False(Rsa.Verifies(Jws.Parse(forged, out _)!));
    }

    [Theory]
    [InlineData("{\"alg\":\"none\"}")]
    [InlineData("{\"alg\":\"None\"}")]
    [InlineData("{\"alg\":\"\"}")]
    public void Alg_none_is_verified_by_no_key(string header)
    {
        string token = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + JwsVectors.Payload + ".";
        Jws jws = Jws.Parse(token, out _)!;
        Assert.False(Array.Exists([Secret, Rsa, Ec], key => key.Verifies(jws)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30 .e30.AA")]
    [InlineData("e30=.e30.AA")]
    [InlineData("W10.e30.AA")]
    [InlineData("eyJhbGciOjd9.e30.AA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImFsZyI6Im5vbmUifQ.e30.AA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiYjY0Il19.e30.AA")]
    public void What_is_not_an_acceptable_compact_JWS_is_malformed(string token)
    {
        Assert.Null(Jws.Parse(token, out TokenRefusal refusal));
        Assert.Equal(TokenRefusal.Malformed, refusal);
    }

    [Fact]
    public void A_huge_token_is_not_looked_at()
    {
        Assert.Null(Jws.Parse(new string('A', Jws.MaxLength + 1), out TokenRefusal refusal));
        Assert.Equal(TokenRefusal.TooLarge, refusal);
    }

    [Fact]
    public void Weak_foreign_and_secret_keys_of_a_set_are_left_out()
    {
        string weak = "{\"kty\":\"RSA\",\"n\":\"" + Base64Url.EncodeToString(new byte[128]) + "\",\"e\":\"AQAB\"}";
        string offCurve = JwsVectors.EcKey.Replace("f83OJ3D2", "AAAAAAAA", StringComparison.Ordinal);
        string encryption = JwsVectors.EcKey.Replace("{", "{\"use\":\"enc\",", StringComparison.Ordinal);
        Assert.Empty(JsonWebKeySet.Parse(JwsVectors.KeySet(weak, offCurve, encryption, "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "7", "{}")));
        Assert.Empty(JsonWebKeySet.Parse("not json"u8.ToArray()));
        Assert.Empty(JsonWebKeySet.Parse("[]"u8.ToArray()));
    }
}
