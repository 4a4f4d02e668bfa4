using System.Buffers.Binary;
using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.SFrame;

/// <summary>AES-CTR, then HMAC-SHA256 cut to Nt bytes (RFC 9605 §4.5.1).</summary>
/// <remarks>
/// <code>
/// key            | cipher (16) | HMAC (32) |
/// authenticated  | length of associated data (8) | of ciphertext (8) | of tag (8) | nonce (12) | associated data | ciphertext |
/// counter block  | nonce (12) | 0 (4) |
/// </code>
/// </remarks>
internal sealed class SFrameCounterCipher : SFrameCipher
{
    private const int MacLength = 32;
    private const int LengthsLength = 24;

    // made by me
    private readonly AesCtr _cipher;
    private readonly IncrementalHash _mac;

    public SFrameCounterCipher(SFrameSuiteParameters parameters, ReadOnlySpan<byte> key)
    {
        _cipher = new AesCtr(key[..parameters.CipherKeyLength]);
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key[parameters.CipherKeyLength..]);
    }

    public override bool Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        if (!Transform(nonce, plaintext, ciphertext))
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[MacLength];
        Authenticate(nonce, associated, ciphertext, tag.Length, mac);
        mac[..tag.Length].CopyTo(tag);
        return true;
    }

    public override bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Span<byte> mac = stackalloc byte[MacLength];
        Authenticate(nonce, associated, text, tag.Length, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[..tag.Length], tag))
        {
            text.Clear();
            return false;
        }

        return Transform(nonce, text, text);
    }

    public override void Dispose()
    {
        _cipher.Dispose();
        _mac.Dispose();
    }

    private bool Transform(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        counter.Clear();
        nonce.CopyTo(counter);
        return _cipher.Transform(counter, input, output);
    }

    private void Authenticate(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, int tagLength, Span<byte> mac)
    {
        Span<byte> lengths = stackalloc byte[LengthsLength];
        BinaryPrimitives.WriteUInt64BigEndian(lengths, (ulong)associated.Length);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[8..], (ulong)ciphertext.Length);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[16..], (ulong)tagLength);
        _mac.AppendData(lengths);
        _mac.AppendData(nonce);
        _mac.AppendData(associated);
        _mac.AppendData(ciphertext);
        _mac.GetHashAndReset(mac);
    }
}
