using System.Net.Http.Headers;
using System.Text.Json;

namespace Crosspoint.Calls.Auth;

/// <summary>The published keys of one issuer, fetched when needed and kept; an unknown key id refetches, but not often.</summary>
/// <remarks>Any thread; one fetch at a time. When the issuer does not answer the keys we have stay good: signatures do not depend on it being up.</remarks>
public sealed class IssuerKeys : IDisposable
{
    /// <summary>Age at which keys are fetched again even when they fit.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(10);

    /// <summary>Least time between two fetches, so that tokens with invented key ids cost the issuer nothing.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(30);

    private const int MaxDocumentBytes = 262_144;

    // given to me
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<Uri?>> _locate;

    // made by me
    private readonly SemaphoreSlim _fetching = new(1, 1);

    // state
    private volatile IReadOnlyList<JwsKey>? _keys;
    private long _fetchedAt;

    private IssuerKeys(HttpClient http, TimeProvider time, Func<CancellationToken, Task<Uri?>>? locate, string issuer)
    {
        _http = http;
        _time = time;
        _locate = locate ?? (token => DiscoverAsync(issuer, token));
    }

    /// <summary>Keys at a known address.</summary>
    public static IssuerKeys At(Uri keySet, HttpClient http, TimeProvider time) => new(http, time, _ => Task.FromResult<Uri?>(keySet), "");

    /// <summary>Keys found by the issuer's discovery document (OpenID Connect Discovery 1.0 §4).</summary>
    public static IssuerKeys Of(string issuer, HttpClient http, TimeProvider time) => new(http, time, null, issuer);

    /// <summary>The keys that may have signed this token; null when the issuer could never be asked.</summary>
    public async ValueTask<IReadOnlyList<JwsKey>?> FindAsync(Jws jws, CancellationToken cancellationToken)
    {
        IReadOnlyList<JwsKey>? keys = _keys;
        IReadOnlyList<JwsKey> fitting = Fitting(keys, jws);
        if ((fitting.Count == 0 || Age > Freshness) && (keys is null ? IsFirstOrDue : Age > LeastInterval))
        {
            await RefreshAsync(cancellationToken);
            fitting = Fitting(_keys, jws);
        }

        return _keys is null ? null : fitting;
    }

    private bool IsFirstOrDue => Interlocked.Read(ref _fetchedAt) == 0 || Age > LeastInterval;

    private TimeSpan Age => _time.GetElapsedTime(Interlocked.Read(ref _fetchedAt));

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();

    private static IReadOnlyList<JwsKey> Fitting(IReadOnlyList<JwsKey>? keys, Jws jws) => keys is null
        ? []
        : [.. keys.Where(key => key.Algorithm.ToString() == jws.Algorithm && (jws.KeyId is null || key.KeyId is null || key.KeyId == jws.KeyId))];

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        long before = Interlocked.Read(ref _fetchedAt);
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (Interlocked.Read(ref _fetchedAt) != before)
            {
                return; // somebody fetched while we waited
            }

            // Stamped before the fetch: a failure, too, waits for the interval.
            Interlocked.Exchange(ref _fetchedAt, Math.Max(1, _time.GetTimestamp()));
            if (await _locate(cancellationToken) is { } address && await GetAsync(address, cancellationToken) is { } document
                && JsonWebKeySet.Parse(document) is { Count: > 0 } keys)
            {
                _keys = keys;
            }
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task<Uri?> DiscoverAsync(string issuer, CancellationToken cancellationToken)
    {
        byte[]? document = await GetAsync(new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancellationToken);
        if (document is null)
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(document, Jws.Strict);
            // §4.3: the document must name exactly the issuer it was asked from.
            return json.RootElement.TryGetProperty("issuer", out JsonElement named) && named.ValueKind == JsonValueKind.String && named.GetString() == issuer
                && json.RootElement.TryGetProperty("jwks_uri", out JsonElement address) && address.ValueKind == JsonValueKind.String
                && Uri.TryCreate(address.GetString(), UriKind.Absolute, out Uri? uri)
                // Keys over plain HTTP are whoever's is on the way; and of other schemes the client throws.
                && uri.Scheme == new Uri(issuer).Scheme ? uri : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<byte[]?> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? await BoundedBody.ReadAsync(response, MaxDocumentBytes, cancellationToken) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
