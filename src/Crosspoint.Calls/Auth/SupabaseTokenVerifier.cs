namespace Crosspoint.Calls.Auth;

/// <summary>Supabase: published keys when they fit, otherwise the question to /auth/v1/user.</summary>
/// <remarks>
/// Projects with asymmetric signing keys need no round trip; projects with the older shared secret (HS256) publish no key, and only Supabase can tell.
/// </remarks>
public sealed class SupabaseTokenVerifier(IAccessTokenVerifier byKeys, IAccessTokenVerifier byAsking) : IAccessTokenVerifier
{
    /// <inheritdoc/>
    public async ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken)
    {
        AccessTokenResult result = await byKeys.VerifyAsync(accessToken, cancellationToken);
        return result.Refusal is TokenRefusal.AlgorithmNotAllowed or TokenRefusal.UnknownKey or TokenRefusal.ProviderUnavailable or TokenRefusal.Malformed
            ? await byAsking.VerifyAsync(accessToken, cancellationToken)
            : result;
    }
}
