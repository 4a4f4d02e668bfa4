using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Dtls;

/// <summary>
/// Who we are to a peer: a self-signed ECDSA P-256 certificate, and the OpenSSL context that every session of its owner is made from.
/// Nobody verifies the certificate's chain or dates; its fingerprint in signalling is what counts (RFC 5763 §5, RFC 8827 §6.5).
/// </summary>
/// <remarks>Made once per worker. Immutable after that; sessions made from it outlive its disposal.</remarks>
public sealed unsafe class DtlsIdentity : IDisposable
{
    // ECDHE with AES-GCM only (RFC 8827 §6.5 asks every peer for the first). The RSA ones are for servers with an RSA certificate when
    // we are the client. No ChaCha20: nobody has it alone, and one family gives every encrypted record the same least length (DtlsRecord).
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384";

    private const ulong ContextOptions = LibSsl.OpNoQueryMtu | LibSsl.OpNoTicket | LibSsl.OpNoCompression | LibSsl.OpNoRenegotiation | LibSsl.OpCipherServerPreference;

    // The longest handshake message we take: a certificate chain of four RSA-4096 certificates fits, OpenSSL's default of 100 KiB is a present to a flooder.
    private const nint MaxCertificateList = 16 * 1024;

    private DtlsIdentity(SafeSslContextHandle context, DtlsFingerprint sha256)
    {
        Context = context;
        Sha256 = sha256;
    }

    /// <summary>The certificate's fingerprint, for signalling.</summary>
    public DtlsFingerprint Sha256 { get; }

    internal SafeSslContextHandle Context { get; }

    /// <summary>Makes a key pair and a certificate.</summary>
    /// <param name="now">Wall-clock time; the certificate is valid from a day before, for peers whose clock is off.</param>
    /// <param name="lifetime">How long from then. Default 30 days, as browsers do.</param>
    public static DtlsIdentity Create(DateTimeOffset now, TimeSpan? lifetime = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Crosspoint", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + (lifetime ?? TimeSpan.FromDays(30)));
        var encoded = certificate.RawData;
        var secret = key.ExportECPrivateKey();
        try
        {
            return new DtlsIdentity(MakeContext(encoded, secret), new DtlsFingerprint("sha-256", SHA256.HashData(encoded)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Gives the certificate and key back once no session uses them any more.</summary>
    public void Dispose() => Context.Dispose();

    private static SafeSslContextHandle MakeContext(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> key)
    {
        var context = new SafeSslContextHandle();
        LibSsl.SSL_CTX_set_options(context, ContextOptions);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMode, LibSsl.ModeReleaseBuffers, null);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetSessionCacheMode, 0, null);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetMaxCertificateList, MaxCertificateList, null);
        LibSsl.SSL_CTX_set_verify(context, LibSsl.VerifyPeer | LibSsl.VerifyFailIfNoPeerCertificate, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &DtlsConnection.OnVerifyCertificate, 0);
        fixed (byte* c = certificate, k = key, groups = "X25519:P-256:P-384\0"u8)
        {
            var ok = LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetMinVersion, LibSsl.Dtls12Version, null) == 1
                && LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetMaxVersion, LibSsl.Dtls12Version, null) == 1
                && LibSsl.SSL_CTX_set_cipher_list(context, Ciphers) == 1
                && LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetGroupsList, 0, groups) == 1
                && LibSsl.SSL_CTX_use_certificate_ASN1(context, certificate.Length, c) == 1
                && LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.EvpPkeyEc, context, k, key.Length) == 1
                && LibSsl.SSL_CTX_check_private_key(context) == 1;
            OpenSslException.ThrowIf(!ok, "SSL_CTX");
        }

        return context;
    }
}
