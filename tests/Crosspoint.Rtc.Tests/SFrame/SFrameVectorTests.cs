using System.Text.Json;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Rtc.Tests.SFrame;

/// <summary>RFC 9605, appendix C.</summary>
public class SFrameVectorTests
{
    private static readonly Lazy<JsonElement> Vectors = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "sframe", "rfc9605.json"))).RootElement);

    [Fact]
    public void Headers()
    {
        int seen = 0;
        foreach (JsonElement vector in Vectors.Value.GetProperty("header").EnumerateArray())
        {
            seen++;
            SFrameHeader header = new(vector.GetProperty("kid").GetUInt64(), vector.GetProperty("ctr").GetUInt64());
            byte[] encoded = Bytes(vector, "encoded");
            byte[] written = new byte[SFrameHeader.MaxLength];
            Assert.Equal(encoded, written[..header.Write(written)]);
            Assert.Equal(encoded.Length, header.Length);
            Assert.True(SFrameHeader.TryRead([.. encoded, 1, 2, 3], isMinimal: true, out SFrameHeader read, out int length));
            Assert.Equal((header, encoded.Length), (read, length));
        }

        Assert.Equal(289, seen);
    }

    [Fact]
    public void Counter_mode_with_hmac()
    {
        int seen = 0;
        foreach (JsonElement vector in Vectors.Value.GetProperty("aes_ctr_hmac").EnumerateArray())
        {
            seen++;
            SFrameSuiteParameters parameters = SFrameSuiteParameters.Of((SFrameSuite)vector.GetProperty("cipher_suite").GetInt32());
            using SFrameCipher cipher = SFrameCipher.Create(parameters, Bytes(vector, "key"), seals: true);
            byte[] plain = Bytes(vector, "pt");
            byte[] sealedText = new byte[plain.Length + parameters.TagLength];
            Assert.True(cipher.Seal(Bytes(vector, "nonce"), Bytes(vector, "aad"), plain, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length)));
            Assert.Equal(Bytes(vector, "ct"), sealedText);
            Assert.True(cipher.Open(Bytes(vector, "nonce"), Bytes(vector, "aad"), sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length)));
            Assert.Equal(plain, sealedText[..plain.Length]);
        }

        Assert.Equal(3, seen);
    }

    [Fact]
    public void Keys_and_salts()
    {
        foreach (JsonElement vector in Frames())
        {
            byte[] key = new byte[Bytes(vector, "sframe_key").Length];
            byte[] salt = new byte[SFrameSuiteParameters.NonceLength];
            Assert.Equal(SFrameSuiteParameters.Of(Suite(vector)).KeyLength, key.Length);
            SFrameKeyDerivation.Derive(Suite(vector), vector.GetProperty("kid").GetUInt64(), Bytes(vector, "base_key"), key, salt);
            Assert.Equal(Bytes(vector, "sframe_key"), key);
            Assert.Equal(Bytes(vector, "sframe_salt"), salt);
        }
    }

    [Fact]
    public void Frames_of_every_suite()
    {
        HashSet<SFrameSuite> seen = [];
        foreach (JsonElement vector in Frames())
        {
            seen.Add(Suite(vector));
            ulong keyId = vector.GetProperty("kid").GetUInt64();
            ulong counter = vector.GetProperty("ctr").GetUInt64();
            byte[] plain = Bytes(vector, "pt");
            byte[] metadata = Bytes(vector, "metadata");
            byte[] expected = Bytes(vector, "ct");

            using SFrameKey sending = SFrameKey.ForSending(Suite(vector), keyId, Bytes(vector, "base_key"));
            byte[] frame = new byte[plain.Length + sending.MaxOverhead];
            Assert.Equal(expected, frame[..sending.Encrypt(counter, metadata, plain, frame)]);

            using SFrameKey receiving = SFrameKey.ForReceiving(Suite(vector), keyId, Bytes(vector, "base_key"));
            byte[] text = new byte[expected.Length];
            Assert.Equal(SFrameResult.Ok, receiving.TryDecrypt(expected, metadata, text, out ulong readCounter, out int length));
            Assert.Equal((counter, plain.Length), (readCounter, length));
            Assert.Equal(plain, text[..length]);
        }

        Assert.Equal(Enum.GetValues<SFrameSuite>().ToHashSet(), seen);
    }

    private static JsonElement.ArrayEnumerator Frames() => Vectors.Value.GetProperty("sframe").EnumerateArray();

    private static SFrameSuite Suite(JsonElement vector) => (SFrameSuite)vector.GetProperty("cipher_suite").GetInt32();

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
}
