using System.Runtime.CompilerServices;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>AES-GCM by OpenSSL. The key schedule is built once; a message only sets its nonce.</summary>
internal sealed unsafe class OpenSslAesGcm : AesGcm
{
    private readonly SafeCipherContextHandle _handle = new();
    private readonly nint _context;
    private readonly bool _seals;

    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="seals">True to encrypt, false to decrypt; one context does one of them.</param>
    public OpenSslAesGcm(ReadOnlySpan<byte> key, bool seals)
    {
        _context = _handle.DangerousGetHandle();
        _seals = seals;
        var cipher = key.Length switch
        {
            16 => LibCrypto.EVP_aes_128_gcm(),
            32 => LibCrypto.EVP_aes_256_gcm(),
            _ => throw new ArgumentOutOfRangeException(nameof(key), key.Length, "16 or 32 bytes"),
        };
        fixed (byte* k = key)
        {
            var ok = seals
                ? LibCrypto.EVP_EncryptInit_ex(_context, cipher, 0, k, null)
                : LibCrypto.EVP_DecryptInit_ex(_context, cipher, 0, k, null);
            OpenSslException.ThrowIf(ok != 1, "AES-GCM init");
        }
    }

    public override bool Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        Check(_seals, nonce.Length, plaintext.Length, ciphertext.Length, tag.Length);
        fixed (byte* n = nonce, a = associated, p = plaintext, c = ciphertext, t = tag)
        {
            int written;
            var ok = LibCrypto.EVP_EncryptInit_ex(_context, 0, 0, null, n) == 1
                && (associated.IsEmpty || LibCrypto.EVP_EncryptUpdate(_context, null, &written, a, associated.Length) == 1)
                && (plaintext.IsEmpty || LibCrypto.EVP_EncryptUpdate(_context, c, &written, p, plaintext.Length) == 1)
                && LibCrypto.EVP_EncryptFinal_ex(_context, t, &written) == 1
                && LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.EvpCtrlAeadGetTag, TagLength, t) == 1;
            GC.KeepAlive(_handle);
            return ok;
        }
    }

    public override bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Check(!_seals, nonce.Length, text.Length, text.Length, tag.Length);
        bool ok;
        fixed (byte* n = nonce, a = associated, c = text, t = tag)
        {
            int written;
            byte nothing;
            ok = LibCrypto.EVP_DecryptInit_ex(_context, 0, 0, null, n) == 1
                && (associated.IsEmpty || LibCrypto.EVP_DecryptUpdate(_context, null, &written, a, associated.Length) == 1)
                && (text.IsEmpty || LibCrypto.EVP_DecryptUpdate(_context, c, &written, c, text.Length) == 1)
                && LibCrypto.EVP_CIPHER_CTX_ctrl(_context, LibCrypto.EvpCtrlAeadSetTag, TagLength, t) == 1
                && LibCrypto.EVP_DecryptFinal_ex(_context, &nothing, &written) == 1;
        }

        GC.KeepAlive(_handle);
        if (!ok)
        {
            text.Clear(); // unauthenticated plaintext must not be seen by anybody (SP 800-38D §7.2)
        }

        return ok;
    }

    public override void Dispose() => _handle.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(bool rightDirection, int nonce, int input, int output, int tag)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (!rightDirection || nonce != NonceLength || input != output || tag != TagLength)
        {
            throw new ArgumentException("AES-GCM used with wrong lengths or in the wrong direction");
        }
    }
}
