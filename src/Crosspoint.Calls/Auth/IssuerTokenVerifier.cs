namespace Crosspoint.Calls.Auth;

/// <summary>Tokens of an issuer that publishes its keys: any OpenID Connect provider, and Supabase with asymmetric keys.</summary>
public sealed class IssuerTokenVerifier(IssuerKeys keys, ClaimPolicy policy, TimeProvider time) : IAccessTokenVerifier
{
    /// <inheritdoc/>
    public async ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken)
    {
        if (Jws.Parse(accessToken, out TokenRefusal refusal) is not { } jws)
        {
            return AccessTokenResult.Refuse(refusal);
        }

        // A public key must never serve as an HMAC secret (RFC 8725 §2.1): only asymmetric algorithms get as far as the keys.
        if (jws.Algorithm is not (nameof(JwsAlgorithm.RS256) or nameof(JwsAlgorithm.ES256)))
        {
            return AccessTokenResult.Refuse(TokenRefusal.AlgorithmNotAllowed);
        }

        IReadOnlyList<JwsKey>? candidates = await keys.FindAsync(jws, cancellationToken);
        if (candidates is null)
        {
            return AccessTokenResult.Refuse(TokenRefusal.ProviderUnavailable);
        }

        if (candidates.Count == 0)
        {
            return AccessTokenResult.Refuse(TokenRefusal.UnknownKey);
        }

        return candidates.Any(key => key.Verifies(jws))
            ? policy.Judge(jws.Payload, time.GetUtcNow())
            : AccessTokenResult.Refuse(TokenRefusal.BadSignature);
    }
}
