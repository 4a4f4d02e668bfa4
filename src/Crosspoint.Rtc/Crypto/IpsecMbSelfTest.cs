using System.Buffers.Binary;

namespace Crosspoint.Rtc.Crypto;

/// <summary>
/// Asks libipsec-mb for what is known before it is trusted with anything: published vectors for every function we call, then
/// agreement with OpenSSL over lengths that take each way through vector code. About a millisecond, once.
/// </summary>
internal static unsafe class IpsecMbSelfTest
{
    private static readonly int[] Lengths = [1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 767, 768, 1024, 1188, 1200, 1472];

    public static IpsecMbStatus Run(IpsecMb library)
    {
        if (!KnowsGcm128(library) || !KnowsGcm256(library) || !KnowsCounterHmac(library))
        {
            return IpsecMbStatus.KnownAnswerWrong;
        }

        return AgreesOnGcm(library, 16) && AgreesOnGcm(library, 32) && AgreesOnCounterHmac(library)
            ? IpsecMbStatus.Loaded
            : IpsecMbStatus.ComparisonWrong;
    }

    // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 4
    private static bool KnowsGcm128(IpsecMb library) => KnowsGcm(
        library,
        "FEFFE9928665731C6D6A8F9467308308",
        "42831EC2217774244B7221B784D0D49CE3AA212F2C02A4E035C17E2329ACA12E21D514B25466931C7D8F6A5AAC84AA051BA30B396A0AAC973D58E091",
        "5BC94FBC3221A5DB94FAE95AE7121A47");

    // test case 16
    private static bool KnowsGcm256(IpsecMb library) => KnowsGcm(
        library,
        "FEFFE9928665731C6D6A8F9467308308FEFFE9928665731C6D6A8F9467308308",
        "522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0ABCC9F662",
        "76FC6ECE0F4E1768CDDF8853BB2D551B");

    private static bool KnowsGcm(IpsecMb library, string key, string ciphertext, string tag)
    {
        var nonce = Convert.FromHexString("CAFEBABEFACEDBADDECAF888");
        var associated = Convert.FromHexString("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
        var plaintext = Convert.FromHexString("D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE657BA637B39");
        using var seals = new IpsecMbAesGcm(library, Convert.FromHexString(key), seals: true);
        using var opens = new IpsecMbAesGcm(library, Convert.FromHexString(key), seals: false);
        var text = new byte[plaintext.Length];
        var mac = new byte[AesGcm.TagLength];
        return seals.Seal(nonce, associated, plaintext, text, mac)
            && Convert.ToHexString(text) == ciphertext
            && Convert.ToHexString(mac) == tag
            && opens.Open(nonce, associated, text, mac)
            && text.AsSpan().SequenceEqual(plaintext);
    }

    // RFC 3711 appendix B.2 (the text is zero, so the ciphertext is the key stream), then RFC 2202 cases 1 and 3 as the tag of a packet
    private static bool KnowsCounterHmac(IpsecMb library)
    {
        var stream = Packet(library, Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C"), new byte[20], "F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000", clear: [], new byte[48], suffix: 0);
        if (!Convert.ToHexString(stream).StartsWith("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0", StringComparison.Ordinal))
        {
            return false;
        }

        return KnowsHmac(library, Filled(20, 0x0b), "Hi There"u8.ToArray(), "B617318655057264E28B")
            && KnowsHmac(library, Filled(20, 0xaa), Filled(50, 0xdd), "125D7342B9AC11CD91A3");
    }

    // The message of the vector is laid out so that its last four bytes are the suffix and the encrypted byte comes out as the vector has it.
    private static bool KnowsHmac(IpsecMb library, byte[] key, byte[] message, string tag)
    {
        var zeroes = new byte[16];
        var keyStream = Packet(library, zeroes, key, Convert.ToHexString(zeroes), clear: [], new byte[1], suffix: 0)[0];
        var encrypted = (byte)(message[^5] ^ keyStream);
        var packet = Packet(library, zeroes, key, Convert.ToHexString(zeroes), message[..^5], [encrypted], BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(message.Length - 4)));
        return Convert.ToHexString(packet.AsSpan(message.Length - 4)) == tag;
    }

    // Enough copies of one message for the lanes, all of which must agree.
    private static byte[] Packet(IpsecMb library, byte[] encryptionKey, byte[] authenticationKey, string counter, byte[] clear, byte[] payload, uint suffix)
    {
        const int Copies = 17;
        using var key = new IpsecMbCounterHmacKey(library, encryptionKey, authenticationKey);
        using var queue = IpsecMbCounterHmac.TryCreate(library);
        var length = clear.Length + payload.Length + IpsecMbCounterHmac.TagLength;
        if (queue is null)
        {
            return new byte[length];
        }

        var packets = GC.AllocateArray<byte>(Copies * length, pinned: true);
        var pinned = GC.AllocateArray<byte>(payload.Length, pinned: true);
        payload.CopyTo(pinned, 0);
        for (var i = 0; i < Copies; i++)
        {
            clear.CopyTo(packets, i * length);
            queue.Add(key, Convert.FromHexString(counter), packets.AsSpan(i * length, length), clear.Length, pinned, suffix);
        }

        var ok = queue.Run() == 0;
        for (var i = 1; i < Copies; i++)
        {
            ok &= packets.AsSpan(0, length).SequenceEqual(packets.AsSpan(i * length, length));
        }

        return ok ? packets[..length] : new byte[length];
    }

    private static bool AgreesOnGcm(IpsecMb library, int keyLength)
    {
        var key = Pattern(keyLength, 3);
        using var ours = new IpsecMbAesGcm(library, key, seals: true);
        using var theirs = new OpenSslAesGcm(key, seals: true);
        using var opens = new IpsecMbAesGcm(library, key, seals: false);
        var nonce = Pattern(AesGcm.NonceLength, 5);
        foreach (var length in Lengths)
        {
            var associated = Pattern(12 + (length % 5 * 4), 7);
            var plain = Pattern(length, 11);
            var (a, b) = (new byte[length], new byte[length]);
            var (tagA, tagB) = (new byte[AesGcm.TagLength], new byte[AesGcm.TagLength]);
            if (!ours.Seal(nonce, associated, plain, a, tagA) || !theirs.Seal(nonce, associated, plain, b, tagB)
                || !a.AsSpan().SequenceEqual(b) || !tagA.AsSpan().SequenceEqual(tagB)
                || !opens.Open(nonce, associated, a, tagA) || !a.AsSpan().SequenceEqual(plain))
            {
                return false;
            }

            tagA[length % AesGcm.TagLength] ^= 1;
            if (opens.Open(nonce, associated, b, tagA))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AgreesOnCounterHmac(IpsecMb library)
    {
        var encryptionKey = Pattern(16, 13);
        var authenticationKey = Pattern(20, 17);
        var counter = new byte[AesCtr.BlockLength];
        Pattern(14, 19).CopyTo(counter, 0);
        using var key = new IpsecMbCounterHmacKey(library, encryptionKey, authenticationKey);
        using var hash = new HmacSha1(authenticationKey);
        using var cipher = new AesCtr(encryptionKey);
        using var queue = IpsecMbCounterHmac.TryCreate(library);
        if (queue is null)
        {
            return false;
        }

        const int Clear = 20;
        const int Room = 1536;
        var packets = GC.AllocateArray<byte>(Lengths.Length * Room, pinned: true);
        var payload = GC.AllocateArray<byte>(Room, pinned: true);
        Pattern(Room, 23).CopyTo(payload, 0);
        for (var i = 0; i < Lengths.Length; i++)
        {
            queue.Add(key, counter, packets.AsSpan(i * Room, Room), Clear, payload.AsSpan(0, Lengths[i]), suffix: 29);
        }

        var ok = queue.Run() == 0;
        Span<byte> tag = stackalloc byte[HmacSha1.TagLength];
        for (var i = 0; i < Lengths.Length; i++)
        {
            var length = Clear + Lengths[i];
            var expected = new byte[length];
            ok &= cipher.Transform(counter, payload.AsSpan(0, Lengths[i]), expected.AsSpan(Clear))
                && hash.Compute(expected, [0, 0, 0, 29], tag)
                && packets.AsSpan(i * Room, length).SequenceEqual(expected)
                && packets.AsSpan((i * Room) + length, IpsecMbCounterHmac.TagLength).SequenceEqual(tag[..IpsecMbCounterHmac.TagLength]);
        }

        return ok;
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static byte[] Pattern(int length, int step)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * step) + (i >> 5));
        }

        return bytes;
    }
}
