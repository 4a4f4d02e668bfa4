using System.Security.Cryptography;

namespace Crosspoint.Calls.Auth;

/// <summary>A key that is good for exactly one algorithm, so that a token's header never chooses how its key is used (RFC 8725 §3.1).</summary>
/// <remarks>Immutable; any thread. Public keys only, except HS256.</remarks>
public sealed class JwsKey
{
    private const int SmallestRsaKeyBits = 2048;
    private const int Es256SignatureBytes = 64;

    private readonly Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, bool> _verify;

    private JwsKey(JwsAlgorithm algorithm, string? keyId, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, bool> verify)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        _verify = verify;
    }

    /// <summary>The one algorithm.</summary>
    public JwsAlgorithm Algorithm { get; }

    /// <summary>The key's id, or null.</summary>
    public string? KeyId { get; }

    /// <summary>A shared secret of at least 32 bytes (RFC 7518 §3.2).</summary>
    public static JwsKey Hs256(byte[] secret, string? keyId = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 32, nameof(secret));
        return new(JwsAlgorithm.HS256, keyId, (input, signature) =>
            CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, input), signature));
    }

    /// <summary>An RSA public key of at least 2048 bits, or null when it is not one.</summary>
    public static JwsKey? Rs256(byte[] modulus, byte[] exponent, string? keyId)
    {
        if (modulus.Length * 8 < SmallestRsaKeyBits || exponent.Length == 0)
        {
            return null;
        }

        RSAParameters parameters = new() { Modulus = modulus, Exponent = exponent };
        RSA rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(parameters);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }

        return new(JwsAlgorithm.RS256, keyId, (input, signature) =>
            rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>A P-256 public key, or null when the point is not on the curve.</summary>
    public static JwsKey? Es256(byte[] x, byte[] y, string? keyId)
    {
        ECDsa ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportParameters(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        }
        catch (CryptographicException)
        {
            ecdsa.Dispose();
            return null;
        }

        // RFC 7518 §3.4: R and S side by side, 32 bytes each, not DER.
        return new(JwsAlgorithm.ES256, keyId, (input, signature) => signature.Length == Es256SignatureBytes
            && ecdsa.VerifyData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>True when the token's signature is by this key and its header says this key's algorithm.</summary>
    public bool Verifies(Jws jws) => jws.Algorithm == Algorithm.ToString() && _verify(jws.SigningInput.Span, jws.Signature.Span);
}
