using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.SFrame;

/// <summary>AES-GCM (RFC 9605 §4.5.2). Always OpenSSL's: the library for many short packets has nothing to win with frames.</summary>
internal sealed class SFrameGcmCipher(ReadOnlySpan<byte> key, bool seals) : SFrameCipher
{
    private readonly AesGcm _gcm = AesGcm.Create(library: null, key, seals);

    public override bool Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag) =>
        _gcm.Seal(nonce, associated, plaintext, ciphertext, tag);

    public override bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> text, ReadOnlySpan<byte> tag) =>
        _gcm.Open(nonce, associated, text, tag);

    public override void Dispose() => _gcm.Dispose();
}
