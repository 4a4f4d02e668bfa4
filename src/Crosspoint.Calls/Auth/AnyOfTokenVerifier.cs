namespace Crosspoint.Calls.Auth;

/// <summary>Several providers: the first that accepts wins. A provider that could not be asked makes a refusal retryable.</summary>
public sealed class AnyOfTokenVerifier(IReadOnlyList<IAccessTokenVerifier> verifiers) : IAccessTokenVerifier
{
    /// <inheritdoc/>
    public async ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken)
    {
        AccessTokenResult refusal = AccessTokenResult.Refuse(TokenRefusal.UnknownKey);
        foreach (IAccessTokenVerifier verifier in verifiers)
        {
            AccessTokenResult result = await verifier.VerifyAsync(accessToken, cancellationToken);
            if (result.IsAccepted)
            {
                return result;
            }

            if (refusal.Refusal != TokenRefusal.ProviderUnavailable)
            {
                refusal = result;
            }
        }

        return refusal;
    }
}
