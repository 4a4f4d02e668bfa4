using System.Buffers.Binary;
using System.Security.Cryptography;
using Crosspoint.Rtc.Srtp;
using static Crosspoint.Rtc.Tests.Srtp.SrtpTestKeys;

namespace Crosspoint.Rtc.Tests.Srtp;

/// <summary>Against an implementation of the same RFCs written here in the plainest way, on .NET's own ciphers.</summary>
public class SrtpDifferentialTests
{
    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void Gcm_agrees_with_the_managed_cipher(SrtpProfile profile)
    {
        using var master = Master(profile);
        using var sender = new SrtpProtector(master);
        var key = Derive(master, 0, master.Key.Length);
        var salt = Derive(master, 2, 12);
        using var reference = new AesGcm(key, 16);
        var random = new Random(21);
        for (var i = 0; i < 70_000; i += random.Next(1, 200))
        {
            var (header, payload) = RandomPacket(random, i);
            var packet = new byte[header.Length + payload.Length + 16];
            sender.ProtectRtp(header, payload, packet);

            var nonce = new byte[12];
            BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(2), 0x01020304);
            BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(6), (uint)(i >> 16));
            BinaryPrimitives.WriteUInt16BigEndian(nonce.AsSpan(10), (ushort)i);
            nonce = [.. nonce.Zip(salt, (a, b) => (byte)(a ^ b))];
            var (ciphertext, tag) = (new byte[payload.Length], new byte[16]);
            reference.Encrypt(nonce, payload, ciphertext, tag, header);
            Assert.Equal([.. header, .. ciphertext, .. tag], packet);
        }
    }

    [Fact]
    public void Counter_mode_agrees_with_the_managed_cipher()
    {
        using var master = Master(SrtpProfile.Aes128CmHmacSha1Tag80);
        using var sender = new SrtpProtector(master);
        var key = Derive(master, 0, 16);
        var authentication = Derive(master, 1, 20);
        var salt = Derive(master, 2, 14);
        var random = new Random(22);
        for (var i = 0; i < 70_000; i += random.Next(1, 300))
        {
            var (header, payload) = RandomPacket(random, i);
            var packet = new byte[header.Length + payload.Length + 10];
            sender.ProtectRtp(header, payload, packet);

            var counter = new byte[16];
            BinaryPrimitives.WriteUInt32BigEndian(counter.AsSpan(4), 0x01020304);
            BinaryPrimitives.WriteUInt32BigEndian(counter.AsSpan(8), (uint)(i >> 16));
            BinaryPrimitives.WriteUInt16BigEndian(counter.AsSpan(12), (ushort)i);
            counter = Xor(counter, [.. salt, 0, 0]);
            var ciphertext = Xor(payload, KeyStream(key, counter, payload.Length));
            var rollOver = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(rollOver, (uint)(i >> 16));
            byte[] authenticated = [.. header, .. ciphertext, .. rollOver];
            var tag = HMACSHA1.HashData(authentication, authenticated)[..10];
            Assert.Equal([.. header, .. ciphertext, .. tag], packet);
        }
    }

    private static (byte[] Header, byte[] Payload) RandomPacket(Random random, int sequence)
    {
        var header = new byte[12 + (4 * random.Next(4))];
        Header(sequence).CopyTo(header, 0);
        var payload = new byte[random.Next(1200)];
        random.NextBytes(payload);
        return (header, payload);
    }

    private static byte[] Derive(SrtpMasterKey master, byte label, int length)
    {
        var counter = new byte[16];
        master.Salt.CopyTo(counter);
        counter[7] ^= label;
        return KeyStream(master.Key.ToArray(), counter, length);
    }

    private static byte[] KeyStream(byte[] key, byte[] counter, int length)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var stream = new List<byte>();
        for (ushort block = 0; stream.Count < length; block++)
        {
            var input = counter.ToArray();
            BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(14), block);
            stream.AddRange(aes.EncryptEcb(input, PaddingMode.None));
        }

        return [.. stream.Take(length)];
    }

    private static byte[] Xor(byte[] left, byte[] right) => [.. left.Zip(right, (a, b) => (byte)(a ^ b))];
}
