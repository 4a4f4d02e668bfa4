using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>
/// AES-GCM by libipsec-mb: one call a message, straight from plaintext to ciphertext. Round keys and the powers of the hash key
/// are computed once and kept in memory that the collector does not move.
/// </summary>
internal sealed unsafe class IpsecMbAesGcm : AesGcm
{
    // given to me
    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> _cipher;
    private readonly bool _seals;

    // made by me
    private readonly SecretMemory _key = new(LibIpsecMb.GcmKeyLength);

    /// <param name="library">Loaded.</param>
    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="seals">True to encrypt, false to decrypt.</param>
    public IpsecMbAesGcm(IpsecMb library, ReadOnlySpan<byte> key, bool seals)
    {
        ref readonly var table = ref library.Table;
        _seals = seals;
        fixed (byte* k = key)
        {
            switch (key.Length)
            {
                case 16:
                    _cipher = seals ? table.Gcm128Encrypt : table.Gcm128Decrypt;
                    table.Gcm128Prepare(k, _key.Pointer);
                    break;
                case 32:
                    _cipher = seals ? table.Gcm256Encrypt : table.Gcm256Decrypt;
                    table.Gcm256Prepare(k, _key.Pointer);
                    break;
                default:
                    _key.Dispose();
                    throw new ArgumentOutOfRangeException(nameof(key), key.Length, "16 or 32 bytes");
            }
        }
    }

    [SkipLocalsInit]
    public override bool Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        Check(_seals, nonce.Length, plaintext.Length, ciphertext.Length, tag.Length);
        var context = stackalloc byte[LibIpsecMb.GcmContextLength];
        fixed (byte* n = nonce, a = associated, p = plaintext, c = ciphertext, t = tag)
        {
            // of an empty text the library wants an address all the same
            var output = plaintext.IsEmpty ? t : c;
            _cipher(_key.Pointer, context, output, plaintext.IsEmpty ? t : p, (ulong)plaintext.Length, n, a, (ulong)associated.Length, t, TagLength);
        }

        GC.KeepAlive(_key);
        return true;
    }

    [SkipLocalsInit]
    public override bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Check(!_seals, nonce.Length, text.Length, text.Length, tag.Length);
        var context = stackalloc byte[LibIpsecMb.GcmContextLength];
        Span<byte> expected = stackalloc byte[TagLength];
        fixed (byte* n = nonce, a = associated, c = text, t = expected)
        {
            var inPlace = text.IsEmpty ? t : c;
            _cipher(_key.Pointer, context, inPlace, inPlace, (ulong)text.Length, n, a, (ulong)associated.Length, t, TagLength);
        }

        GC.KeepAlive(_key);
        if (CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return true;
        }

        text.Clear(); // unauthenticated plaintext must not be seen by anybody (SP 800-38D §7.2)
        return false;
    }

    public override void Dispose() => _key.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(bool rightDirection, int nonce, int input, int output, int tag)
    {
        ObjectDisposedException.ThrowIf(_key.IsClosed, this);
        if (!rightDirection || nonce != NonceLength || input != output || tag != TagLength)
        {
            throw new ArgumentException("AES-GCM used with wrong lengths or in the wrong direction");
        }
    }
}
