using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Auth;

/// <summary>Asks Supabase whose token it is (GET /auth/v1/user) and remembers the answer for a short while.</summary>
/// <remarks>Any thread. Tokens are remembered by their hash only.</remarks>
public sealed class SupabaseUserVerifier(Uri project, Secret apiKey, HttpClient http, TimeProvider time) : IAccessTokenVerifier
{
    /// <summary>How long an answer is believed: long enough for a reconnect storm, short enough for a sign-out.</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(15);

    /// <summary>Answers remembered at most.</summary>
    public const int CacheSize = 2000;

    private const int MaxAnswerBytes = 65_536;

    private readonly Uri _endpoint = new(project.ToString().TrimEnd('/') + "/auth/v1/user");
    private readonly BoundedCache<string, AccessTokenResult> _cache = new(CacheSize, CacheLife, time, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken)
    {
        if (accessToken.Length > Jws.MaxLength || accessToken.Any(character => character is <= ' ' or >= (char)127))
        {
            return AccessTokenResult.Refuse(accessToken.Length > Jws.MaxLength ? TokenRefusal.TooLarge : TokenRefusal.Malformed);
        }

        string key = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        if (_cache.TryGet(key, out AccessTokenResult known))
        {
            return known;
        }

        AccessTokenResult result = await AskAsync(accessToken, cancellationToken);
        if (result.Refusal != TokenRefusal.ProviderUnavailable)
        {
            _cache.Set(key, result);
        }

        return result;
    }

    private async Task<AccessTokenResult> AskAsync(string accessToken, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, _endpoint);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            request.Headers.Add("apikey", apiKey.Reveal());
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                bool trouble = response.StatusCode is HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
                return AccessTokenResult.Refuse(trouble ? TokenRefusal.ProviderUnavailable : TokenRefusal.Rejected);
            }

            return await BoundedBody.ReadAsync(response, MaxAnswerBytes, cancellationToken) is { } body
                ? Judge(body, ExpiryOf(accessToken))
                : AccessTokenResult.Refuse(TokenRefusal.Rejected);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return AccessTokenResult.Refuse(TokenRefusal.ProviderUnavailable);
        }
    }

    private static AccessTokenResult Judge(byte[] body, DateTimeOffset? expires)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Jws.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String
                && id.GetString() is { Length: > 0 and <= 128 } userId
                ? AccessTokenResult.Accept(userId, expires)
                : AccessTokenResult.Refuse(TokenRefusal.NoSubject);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return AccessTokenResult.Refuse(TokenRefusal.Rejected);
        }
    }

    // Supabase vouches for the token; its exp only tells us when to ask the client for the next one.
    private DateTimeOffset? ExpiryOf(string accessToken) =>
        Jws.Parse(accessToken, out _) is { } jws && new ClaimPolicy().Judge(jws.Payload, time.GetUtcNow()) is { IsAccepted: true } claims ? claims.ExpiresAt : null;
}
