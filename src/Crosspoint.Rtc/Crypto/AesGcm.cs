namespace Crosspoint.Rtc.Crypto;

/// <summary>AES-GCM with one key and many nonces, 96-bit nonce and 128-bit tag (NIST SP 800-38D).</summary>
/// <remarks>Owned by one thread. Nothing is allocated per message.</remarks>
internal abstract class AesGcm : IDisposable
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    /// <param name="library">Null for OpenSSL.</param>
    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="seals">True to encrypt, false to decrypt; one object does one of them.</param>
    public static AesGcm Create(IpsecMb? library, ReadOnlySpan<byte> key, bool seals) =>
        library is null ? new OpenSslAesGcm(key, seals) : new IpsecMbAesGcm(library, key, seals);

    /// <summary>
    /// Encrypts <paramref name="plaintext"/> into <paramref name="ciphertext"/> (same length; the same memory or disjoint)
    /// and writes the tag over the associated data and the ciphertext.
    /// </summary>
    public abstract bool Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag);

    /// <summary>Decrypts in place; false when the tag does not match, and then <paramref name="text"/> holds no plaintext but zeroes.</summary>
    public abstract bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> text, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}
