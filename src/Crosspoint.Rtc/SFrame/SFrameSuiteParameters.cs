using System.Security.Cryptography;

namespace Crosspoint.Rtc.SFrame;

/// <summary>The lengths of a suite (RFC 9605 §4.5, table 1), in bytes.</summary>
/// <param name="Hash">Of the key derivation.</param>
/// <param name="KeyLength">Nk: what is derived; with CTR the cipher's key and then the HMAC's.</param>
/// <param name="CipherKeyLength">Nka with CTR; the same as Nk with GCM.</param>
/// <param name="TagLength">Nt.</param>
internal readonly record struct SFrameSuiteParameters(HashAlgorithmName Hash, int KeyLength, int CipherKeyLength, int TagLength)
{
    /// <summary>Nn, of all suites.</summary>
    public const int NonceLength = 12;

    public bool IsCounterMode => KeyLength != CipherKeyLength;

    public static SFrameSuiteParameters Of(SFrameSuite suite) => suite switch
    {
        SFrameSuite.Aes128CtrHmacSha256Tag80 => new(HashAlgorithmName.SHA256, 48, 16, 10),
        SFrameSuite.Aes128CtrHmacSha256Tag64 => new(HashAlgorithmName.SHA256, 48, 16, 8),
        SFrameSuite.Aes128CtrHmacSha256Tag32 => new(HashAlgorithmName.SHA256, 48, 16, 4),
        SFrameSuite.Aes128GcmSha256Tag128 => new(HashAlgorithmName.SHA256, 16, 16, 16),
        SFrameSuite.Aes256GcmSha512Tag128 => new(HashAlgorithmName.SHA512, 32, 32, 16),
        _ => throw new ArgumentOutOfRangeException(nameof(suite), suite, "A suite of RFC 9605"),
    };
}
