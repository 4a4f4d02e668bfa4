using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>AES in counter mode with one key: xors the key stream that starts at a given counter block.</summary>
/// <remarks>Owned by one thread. Nothing is allocated per message.</remarks>
internal sealed unsafe class AesCtr : IDisposable
{
    public const int BlockLength = 16;

    private readonly SafeCipherContextHandle _handle = new();
    private readonly nint _context;

    /// <param name="key">16 or 32 bytes.</param>
    public AesCtr(ReadOnlySpan<byte> key)
    {
        _context = _handle.DangerousGetHandle();
        var cipher = key.Length switch
        {
            16 => LibCrypto.EVP_aes_128_ctr(),
            32 => LibCrypto.EVP_aes_256_ctr(),
            _ => throw new ArgumentOutOfRangeException(nameof(key), key.Length, "16 or 32 bytes"),
        };
        fixed (byte* k = key)
        {
            OpenSslException.ThrowIf(LibCrypto.EVP_EncryptInit_ex(_context, cipher, 0, k, null) != 1, "AES-CTR init");
        }
    }

    /// <summary>Encrypts or decrypts <paramref name="input"/> into <paramref name="output"/>: same length; the same memory or disjoint.</summary>
    public bool Transform(ReadOnlySpan<byte> counter, ReadOnlySpan<byte> input, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (counter.Length != BlockLength || input.Length != output.Length)
        {
            throw new ArgumentException("AES-CTR used with wrong lengths");
        }

        if (input.IsEmpty)
        {
            return true;
        }

        fixed (byte* n = counter, i = input, o = output)
        {
            int written;
            var ok = LibCrypto.EVP_EncryptInit_ex(_context, 0, 0, null, n) == 1
                && LibCrypto.EVP_EncryptUpdate(_context, o, &written, i, input.Length) == 1;
            GC.KeepAlive(_handle);
            return ok;
        }
    }

    public void Dispose() => _handle.Dispose();
}
