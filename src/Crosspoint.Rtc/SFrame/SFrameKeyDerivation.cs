using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Crosspoint.Rtc.SFrame;

/// <summary>Key and salt of one key id from the base key (RFC 9605 §4.4.2).</summary>
/// <remarks>
/// <code>
/// secret = HKDF-Extract("", base_key)
/// key    = HKDF-Expand(secret, "SFrame 1.0 Secret key " || KID (8) || suite (2), Nk)
/// salt   = HKDF-Expand(secret, "SFrame 1.0 Secret salt " || KID (8) || suite (2), Nn)
/// </code>
/// </remarks>
internal static class SFrameKeyDerivation
{
    private const int MaxHashLength = 64;
    private const int MaxLabelLength = 64;

    public static void Derive(SFrameSuite suite, ulong keyId, ReadOnlySpan<byte> baseKey, Span<byte> key, Span<byte> salt)
    {
        HashAlgorithmName hash = SFrameSuiteParameters.Of(suite).Hash;
        Span<byte> buffer = stackalloc byte[MaxHashLength];
        int length = HKDF.Extract(hash, baseKey, salt: default, buffer);
        Span<byte> secret = buffer[..length];
        Expand(hash, secret, "SFrame 1.0 Secret key "u8, keyId, suite, key);
        Expand(hash, secret, "SFrame 1.0 Secret salt "u8, keyId, suite, salt);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static void Expand(HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ulong keyId, SFrameSuite suite, Span<byte> into)
    {
        Span<byte> info = stackalloc byte[MaxLabelLength];
        label.CopyTo(info);
        BinaryPrimitives.WriteUInt64BigEndian(info[label.Length..], keyId);
        BinaryPrimitives.WriteUInt16BigEndian(info[(label.Length + 8)..], (ushort)suite);
        HKDF.Expand(hash, secret, into, info[..(label.Length + 10)]);
    }
}
