using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Auth;

/// <summary>Builds the verifier the configuration asks for.</summary>
public static class AccessTokenVerifiers
{
    /// <summary>The verifier; the HttpClient should have a short timeout and follow no redirects.</summary>
    public static IAccessTokenVerifier Create(AuthOptions options, HttpClient http, TimeProvider time)
    {
        List<IAccessTokenVerifier> verifiers = [];
        if (options.Hs256Secret is { } secret)
        {
            ClaimPolicy policy = new() { Issuer = options.Hs256Issuer, Audience = options.Hs256Audience, Leeway = options.Leeway };
            verifiers.Add(new StaticKeyTokenVerifier(JwsKey.Hs256(secret.RevealBytes()), policy, time));
        }

        if (options.OidcIssuer is { } issuer)
        {
            ClaimPolicy policy = new() { Issuer = issuer, Audience = options.OidcAudience, Leeway = options.Leeway };
            verifiers.Add(new IssuerTokenVerifier(IssuerKeys.Of(issuer, http, time), policy, time));
        }

        if (options is { SupabaseUrl: { } project, SupabaseKey: { } key })
        {
            verifiers.Add(Supabase(project, key, options, http, time));
        }

        // Last, so that a real token in a development set-up still names its real user.
        if (options.DevInsecure)
        {
            verifiers.Add(new DevInsecureTokenVerifier());
        }

        return verifiers.Count == 1 ? verifiers[0] : new AnyOfTokenVerifier(verifiers);
    }

    private static SupabaseTokenVerifier Supabase(Uri project, Secret key, AuthOptions options, HttpClient http, TimeProvider time)
    {
        string auth = project.ToString().TrimEnd('/') + "/auth/v1";
        ClaimPolicy policy = new() { Issuer = auth, Audience = "authenticated", Leeway = options.Leeway };
        IssuerKeys keys = IssuerKeys.At(new Uri(auth + "/.well-known/jwks.json"), http, time);
        return new(new IssuerTokenVerifier(keys, policy, time), new SupabaseUserVerifier(project, key, http, time));
    }
}
