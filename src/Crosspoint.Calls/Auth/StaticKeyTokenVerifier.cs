namespace Crosspoint.Calls.Auth;

/// <summary>Tokens signed with one key the operator gave us.</summary>
public sealed class StaticKeyTokenVerifier(JwsKey key, ClaimPolicy policy, TimeProvider time) : IAccessTokenVerifier
{
    /// <inheritdoc/>
    public ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken)
    {
        if (Jws.Parse(accessToken, out TokenRefusal refusal) is not { } jws)
        {
            return new(AccessTokenResult.Refuse(refusal));
        }

        if (jws.Algorithm != key.Algorithm.ToString())
        {
            return new(AccessTokenResult.Refuse(TokenRefusal.AlgorithmNotAllowed));
        }

        return new(key.Verifies(jws) ? policy.Judge(jws.Payload, time.GetUtcNow()) : AccessTokenResult.Refuse(TokenRefusal.BadSignature));
    }
}
