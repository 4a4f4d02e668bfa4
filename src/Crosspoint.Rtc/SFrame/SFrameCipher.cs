namespace Crosspoint.Rtc.SFrame;

/// <summary>The AEAD of a suite with one key (RFC 9605 §4.5).</summary>
/// <remarks>Owned by one thread. Nothing is allocated per frame.</remarks>
internal abstract class SFrameCipher : IDisposable
{
    /// <param name="parameters">Of the suite.</param>
    /// <param name="key">Nk bytes; stays the caller's.</param>
    /// <param name="seals">True to encrypt, false to decrypt.</param>
    public static SFrameCipher Create(SFrameSuiteParameters parameters, ReadOnlySpan<byte> key, bool seals) =>
        parameters.IsCounterMode ? new SFrameCounterCipher(parameters, key) : new SFrameGcmCipher(key, seals);

    /// <summary>Encrypts into as many bytes, and writes the tag.</summary>
    public abstract bool Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag);

    /// <summary>Decrypts in place; false when the tag does not match, and then no plaintext is left.</summary>
    public abstract bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> text, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}
