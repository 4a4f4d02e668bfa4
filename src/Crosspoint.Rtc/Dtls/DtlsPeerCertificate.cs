using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Dtls;

/// <summary>The hashes of the certificate that a peer has proved to own; all that is kept of it.</summary>
internal sealed unsafe class DtlsPeerCertificate
{
    private readonly byte[] _sha256;
    private readonly byte[] _sha384;
    private readonly byte[] _sha512;

    /// <param name="x509">An X509, borrowed for the call.</param>
    public DtlsPeerCertificate(nint x509)
    {
        _sha256 = Digest(x509, LibCrypto.EVP_sha256());
        _sha384 = Digest(x509, LibCrypto.EVP_sha384());
        _sha512 = Digest(x509, LibCrypto.EVP_sha512());
    }

    /// <summary>
    /// Judges by the strongest hash among those named, as RFC 8122 §5 wants: a weaker one must not be a way around it.
    /// </summary>
    /// <returns><see cref="DtlsCloseReason.None"/> when a fingerprint matches.</returns>
    public DtlsCloseReason Judge(IReadOnlyList<DtlsFingerprint> fingerprints)
    {
        var strongest = 0;
        foreach (var fingerprint in fingerprints)
        {
            strongest = Math.Max(strongest, fingerprint.Strength);
        }

        if (strongest == 0)
        {
            return DtlsCloseReason.FingerprintUnsupported;
        }

        var own = strongest switch { 1 => _sha256, 2 => _sha384, _ => _sha512 };
        var matches = false;
        foreach (var fingerprint in fingerprints)
        {
            matches |= fingerprint.Strength == strongest && CryptographicOperations.FixedTimeEquals(own, fingerprint.Bytes);
        }

        return matches ? DtlsCloseReason.None : DtlsCloseReason.FingerprintMismatch;
    }

    private static byte[] Digest(nint x509, nint algorithm)
    {
        Span<byte> digest = stackalloc byte[LibCrypto.EvpMaxDigestLength];
        uint length = 0;
        fixed (byte* d = digest)
        {
            if (LibCrypto.X509_digest(x509, algorithm, d, &length) != 1)
            {
                return [];
            }
        }

        return digest[..(int)length].ToArray();
    }
}
