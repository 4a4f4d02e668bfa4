using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>The keys of AES-128-CTR and HMAC-SHA1 as <see cref="IpsecMbCounterHmac"/> wants them: round keys, and the two hash states that the HMAC key makes.</summary>
internal sealed unsafe class IpsecMbCounterHmacKey : IDisposable
{
    private const int InnerAt = 192;
    private const int OuterAt = 224;
    private const int BlockLength = 64;

    private const int AuthenticationAt = 256;

    private readonly SecretMemory _memory = new(AuthenticationAt + BlockLength);
    private readonly int _authenticationLength;
    private HmacSha1? _alone;

    /// <param name="library">Loaded.</param>
    /// <param name="encryptionKey">16 bytes.</param>
    /// <param name="authenticationKey">At most 64 bytes.</param>
    public IpsecMbCounterHmacKey(IpsecMb library, ReadOnlySpan<byte> encryptionKey, ReadOnlySpan<byte> authenticationKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(encryptionKey.Length, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(authenticationKey.Length, BlockLength);
        authenticationKey.CopyTo(new Span<byte>(_memory.Pointer + AuthenticationAt, BlockLength));
        _authenticationLength = authenticationKey.Length;
        using var unused = new SecretMemory(LibIpsecMb.ExpandedKeyLength); // round keys for decryption, which counter mode does not use
        fixed (byte* key = encryptionKey)
        {
            library.Table.KeyExpansion128(key, RoundKeys, unused.Pointer);
        }

        Prepare(library, authenticationKey, 0x36, HashedInnerKey);
        Prepare(library, authenticationKey, 0x5c, HashedOuterKey);
    }

    public byte* RoundKeys => _memory.Pointer;

    public byte* HashedInnerKey => _memory.Pointer + InnerAt;

    public byte* HashedOuterKey => _memory.Pointer + OuterAt;

    /// <summary>The same authentication key with OpenSSL, for messages that have no company.</summary>
    public HmacSha1 Alone => _alone ??= new HmacSha1(new ReadOnlySpan<byte>(_memory.Pointer + AuthenticationAt, _authenticationLength));

    public void Dispose()
    {
        _memory.Dispose();
        _alone?.Dispose();
    }

    // RFC 2104: the key, padded to a block, xor a constant
    private static void Prepare(IpsecMb library, ReadOnlySpan<byte> key, byte pad, byte* into)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Fill(pad);
        for (var i = 0; i < key.Length; i++)
        {
            block[i] ^= key[i];
        }

        fixed (byte* b = block)
        {
            library.Table.Sha1OneBlock(b, into);
        }

        CryptographicOperations.ZeroMemory(block);
    }
}
