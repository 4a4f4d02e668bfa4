namespace Crosspoint.Calls.Auth;

/// <summary>The signature algorithms that are accepted (RFC 7518 §3.1).</summary>
public enum JwsAlgorithm
{
    /// <summary>HMAC with SHA-256.</summary>
    HS256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    RS256,

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    ES256,
}
