using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Crosspoint.Rtc.SFrame;

/// <summary>One key id's key in one direction: encrypts frames, or decrypts them (RFC 9605 §4.4).</summary>
/// <remarks>
/// <code>
/// | header: KID, CTR | ciphertext | tag |        authenticated: header, then metadata
/// </code>
/// What a sender leaves readable before the header (docs/protocol/e2ee.md) is handed in as metadata.
/// Whoever encrypts sees to it that no counter is used twice; whoever decrypts, that none is taken twice.
/// Owned by one thread. Nothing is allocated per frame.
/// </remarks>
public sealed class SFrameKey : IDisposable
{
    /// <summary>Bytes of metadata at most.</summary>
    public const int MaxMetadataLength = 256;

    // made by me
    private readonly SFrameCipher _cipher;
    private readonly byte[] _salt = new byte[SFrameSuiteParameters.NonceLength];
    private readonly int _tagLength;
    private readonly bool _seals;

    private SFrameKey(SFrameSuite suite, ulong keyId, ReadOnlySpan<byte> baseKey, bool seals)
    {
        SFrameSuiteParameters parameters = SFrameSuiteParameters.Of(suite);
        KeyId = keyId;
        _tagLength = parameters.TagLength;
        _seals = seals;
        Span<byte> key = stackalloc byte[parameters.KeyLength];
        SFrameKeyDerivation.Derive(suite, keyId, baseKey, key, _salt);
        _cipher = SFrameCipher.Create(parameters, key, seals);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>KID.</summary>
    public ulong KeyId { get; }

    /// <summary>Bytes that encryption adds at most.</summary>
    public int MaxOverhead => SFrameHeader.MaxLength + _tagLength;

    /// <summary>A key that encrypts.</summary>
    /// <param name="suite">The cipher.</param>
    /// <param name="keyId">KID.</param>
    /// <param name="baseKey">The secret that the key is derived from; stays the caller's.</param>
    public static SFrameKey ForSending(SFrameSuite suite, ulong keyId, ReadOnlySpan<byte> baseKey) => new(suite, keyId, baseKey, seals: true);

    /// <summary>A key that decrypts.</summary>
    /// <param name="suite">The cipher.</param>
    /// <param name="keyId">KID.</param>
    /// <param name="baseKey">The secret that the key is derived from; stays the caller's.</param>
    public static SFrameKey ForReceiving(SFrameSuite suite, ulong keyId, ReadOnlySpan<byte> baseKey) => new(suite, keyId, baseKey, seals: false);

    /// <summary>Encrypts a frame.</summary>
    /// <param name="counter">CTR: never the same twice.</param>
    /// <param name="metadata">What else the tag covers; not sent by this.</param>
    /// <param name="plaintext">The frame; must not overlap <paramref name="into"/>.</param>
    /// <param name="into">Room for the frame and <see cref="MaxOverhead"/>.</param>
    /// <returns>Bytes written.</returns>
    [SkipLocalsInit]
    public int Encrypt(ulong counter, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> plaintext, Span<byte> into)
    {
        SFrameHeader header = new(KeyId, counter);
        if (!_seals || into.Length < header.Length + plaintext.Length + _tagLength)
        {
            throw new ArgumentException("A key for sending, and room for header, frame and tag");
        }

        int length = header.Write(into);
        Span<byte> associated = stackalloc byte[SFrameHeader.MaxLength + MaxMetadataLength];
        Span<byte> nonce = stackalloc byte[SFrameSuiteParameters.NonceLength];
        WriteNonce(counter, nonce);
        Span<byte> ciphertext = into.Slice(length, plaintext.Length);
        Span<byte> tag = into.Slice(length + plaintext.Length, _tagLength);
        bool ok = _cipher.Seal(nonce, Associate(associated, into[..length], metadata), plaintext, ciphertext, tag);
        return ok ? length + plaintext.Length + _tagLength : throw new InvalidOperationException("The cipher refused.");
    }

    /// <summary>Decrypts a frame.</summary>
    /// <param name="frame">From the header on.</param>
    /// <param name="metadata">As it was when the frame was encrypted.</param>
    /// <param name="into">As long as the frame; must not overlap it.</param>
    /// <param name="counter">CTR; believed only with <see cref="SFrameResult.Ok"/>.</param>
    /// <param name="length">Bytes of plaintext; 0 unless <see cref="SFrameResult.Ok"/>.</param>
    [SkipLocalsInit]
    public SFrameResult TryDecrypt(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> metadata, Span<byte> into, out ulong counter, out int length)
    {
        length = 0;
        SFrameResult judged = Judge(frame, out counter, out int headerLength);
        if (judged != SFrameResult.Ok)
        {
            return judged;
        }

        int textLength = frame.Length - headerLength - _tagLength;
        Span<byte> text = into[..textLength];
        frame.Slice(headerLength, textLength).CopyTo(text);
        Span<byte> associated = stackalloc byte[SFrameHeader.MaxLength + MaxMetadataLength];
        Span<byte> nonce = stackalloc byte[SFrameSuiteParameters.NonceLength];
        WriteNonce(counter, nonce);
        if (!_cipher.Open(nonce, Associate(associated, frame[..headerLength], metadata), text, frame[^_tagLength..]))
        {
            return SFrameResult.NotAuthentic;
        }

        length = textLength;
        return SFrameResult.Ok;
    }

    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    private SFrameResult Judge(ReadOnlySpan<byte> frame, out ulong counter, out int headerLength)
    {
        if (_seals)
        {
            throw new InvalidOperationException("A key for sending does not decrypt.");
        }

        bool read = SFrameHeader.TryRead(frame, isMinimal: true, out SFrameHeader header, out headerLength);
        counter = header.Counter;
        if (!read)
        {
            return SFrameResult.MalformedHeader;
        }

        if (header.KeyId != KeyId)
        {
            return SFrameResult.OtherKey;
        }

        return frame.Length < headerLength + _tagLength ? SFrameResult.TooShort : SFrameResult.Ok;
    }

    // RFC 9605 §4.4.3: aad = header || metadata
    private static ReadOnlySpan<byte> Associate(Span<byte> into, ReadOnlySpan<byte> header, ReadOnlySpan<byte> metadata)
    {
        header.CopyTo(into);
        metadata.CopyTo(into[header.Length..]);
        return into[..(header.Length + metadata.Length)];
    }

    // RFC 9605 §4.4.3: nonce = salt xor CTR, as a number of Nn bytes
    private void WriteNonce(ulong counter, Span<byte> nonce)
    {
        _salt.CopyTo(nonce);
        Span<byte> low = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ counter);
    }
}
