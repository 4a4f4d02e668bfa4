using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Tests.Auth;

/// <summary>Verifiers that ask somebody: discovery, key rotation, Supabase; the somebody is scripted.</summary>
public sealed class ProviderTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Provider _provider = new();
    private readonly HttpClient _http;

    public ProviderTests() => _http = new HttpClient(_provider);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_issuer_is_discovered_and_its_tokens_are_accepted()
    {
        using SigningKey key = new("k1");
        _provider.Serve("https://id.example/.well-known/openid-configuration", """{"issuer":"https://id.example","jwks_uri":"https://id.example/keys"}""");
        _provider.Serve("https://id.example/keys", key.Set());
        IAccessTokenVerifier verifier = AccessTokenVerifiers.Create(new AuthOptions { OidcIssuer = "https://id.example", OidcAudience = "calls" }, _http, _time);
        AccessTokenResult result = await verifier.VerifyAsync(key.Sign(Claims("https://id.example", "calls")), default);
        Assert.Equal("alice", result.UserId);
        Assert.Equal(TokenRefusal.WrongAudience, (await verifier.VerifyAsync(key.Sign(Claims("https://id.example", "mail")), default)).Refusal);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_believed()
    {
        using SigningKey key = new("k1");
        _provider.Serve("https://id.example/.well-known/openid-configuration", """{"issuer":"https://evil.example","jwks_uri":"https://id.example/keys"}""");
        _provider.Serve("https://id.example/keys", key.Set());
        IAccessTokenVerifier verifier = AccessTokenVerifiers.Create(new AuthOptions { OidcIssuer = "https://id.example" }, _http, _time);
        Assert.Equal(TokenRefusal.ProviderUnavailable, (await verifier.VerifyAsync(key.Sign(Claims("https://id.example", "calls")), default)).Refusal);
    }

    [Theory]
    [InlineData("http://id.example/keys")]
    [InlineData("ftp://id.example/keys")]
    [InlineData("file:///keys")]
    public async Task Keys_are_not_fetched_over_another_scheme_than_the_issuers(string address)
    {
        using SigningKey key = new("k1");
        _provider.Serve("https://id.example/.well-known/openid-configuration", $$"""{"issuer":"https://id.example","jwks_uri":"{{address}}"}""");
        _provider.Serve(address, key.Set());
        IAccessTokenVerifier verifier = AccessTokenVerifiers.Create(new AuthOptions { OidcIssuer = "https://id.example" }, _http, _time);
        Assert.Equal(TokenRefusal.ProviderUnavailable, (await verifier.VerifyAsync(key.Sign(Claims("https://id.example", "calls")), default)).Refusal);
    }

    [Fact]
    public async Task Keys_are_fetched_once_rotated_on_an_unknown_id_and_not_hammered()
    {
        using SigningKey first = new("k1");
        using SigningKey second = new("k2");
        _provider.Serve("https://id.example/keys", first.Set());
        using IssuerKeys keys = IssuerKeys.At(new Uri("https://id.example/keys"), _http, _time);
        IssuerTokenVerifier verifier = new(keys, new ClaimPolicy(), _time);
        for (int count = 0; count < 5; count++)
        {
            Assert.True((await verifier.VerifyAsync(first.Sign(Claims("i", "a")), default)).IsAccepted);
        }

        Assert.Equal(1, _provider.Requests);
        for (int count = 0; count < 20; count++)
        {
            Assert.Equal(TokenRefusal.UnknownKey, (await verifier.VerifyAsync(second.Sign(Claims("i", "a")), default)).Refusal);
        }

        Assert.Equal(1, _provider.Requests);
        _provider.Serve("https://id.example/keys", second.Set());
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.True((await verifier.VerifyAsync(second.Sign(Claims("i", "a")), default)).IsAccepted);
        Assert.Equal(2, _provider.Requests);
    }

    [Fact]
    public async Task Known_keys_stay_good_when_the_issuer_does_not_answer()
    {
        using SigningKey key = new("k1");
        _provider.Serve("https://id.example/keys", key.Set());
        using IssuerKeys keys = IssuerKeys.At(new Uri("https://id.example/keys"), _http, _time);
        IssuerTokenVerifier verifier = new(keys, new ClaimPolicy(), _time);
        Assert.True((await verifier.VerifyAsync(key.Sign(Claims("i", "a")), default)).IsAccepted);
        _provider.IsDown = true;
        _time.Advance(TimeSpan.FromHours(5));
        Assert.True((await verifier.VerifyAsync(key.Sign(Claims("i", "a")), default)).IsAccepted);
    }

    [Fact]
    public async Task An_HMAC_token_never_meets_a_public_key()
    {
        using SigningKey key = new("k1");
        _provider.Serve("https://id.example/keys", key.Set());
        using IssuerKeys keys = IssuerKeys.At(new Uri("https://id.example/keys"), _http, _time);
        IssuerTokenVerifier verifier = new(keys, new ClaimPolicy(), _time);
        Assert.Equal(TokenRefusal.AlgorithmNotAllowed, (await verifier.VerifyAsync(JwsVectors.Hs256, default)).Refusal);
        Assert.Equal(0, _provider.Requests);
    }

    [Fact]
    public async Task Supabase_is_asked_for_tokens_its_keys_cannot_judge_and_the_answer_is_kept_for_fifteen_seconds()
    {
        _provider.Serve("https://p.supabase.co/auth/v1/.well-known/jwks.json", """{"keys":[]}""");
        _provider.Serve("https://p.supabase.co/auth/v1/user", """{"id":"user-1","email":"a@example.com"}""");
        IAccessTokenVerifier verifier = Supabase();
        Assert.Equal("user-1", (await verifier.VerifyAsync(JwsVectors.Hs256, default)).UserId);
        Assert.Equal("user-1", (await verifier.VerifyAsync(JwsVectors.Hs256, default)).UserId);
        Assert.Equal(1, _provider.Requests);
        Assert.Equal("Bearer " + JwsVectors.Hs256, _provider.Last!.Headers.Authorization!.ToString());
        Assert.Equal("publishable", _provider.Last.Headers.GetValues("apikey").Single());
        _time.Advance(TimeSpan.FromSeconds(16));
        await verifier.VerifyAsync(JwsVectors.Hs256, default);
        Assert.Equal(2, _provider.Requests);
    }

    [Fact]
    public async Task Supabase_tokens_signed_with_its_published_keys_need_no_question()
    {
        using SigningKey key = new("k1");
        _provider.Serve("https://p.supabase.co/auth/v1/.well-known/jwks.json", key.Set());
        IAccessTokenVerifier verifier = Supabase();
        Assert.Equal("alice", (await verifier.VerifyAsync(key.Sign(Claims("https://p.supabase.co/auth/v1", "authenticated")), default)).UserId);
        Assert.Equal(1, _provider.Requests);
        Assert.Equal(TokenRefusal.Expired, (await verifier.VerifyAsync(key.Sign(Claims("https://p.supabase.co/auth/v1", "authenticated", life: -100)), default)).Refusal);
    }

    [Fact]
    public async Task A_refusal_of_Supabase_is_final_and_its_absence_is_not()
    {
        _provider.Serve("https://p.supabase.co/auth/v1/.well-known/jwks.json", """{"keys":[]}""");
        IAccessTokenVerifier verifier = Supabase();
        Assert.Equal(TokenRefusal.Rejected, (await verifier.VerifyAsync(JwsVectors.Hs256, default)).Refusal);
        _provider.IsDown = true;
        _time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(TokenRefusal.ProviderUnavailable, (await verifier.VerifyAsync(JwsVectors.Hs256, default)).Refusal);
    }

    [Fact]
    public async Task A_shared_secret_checks_algorithm_signature_and_claims()
    {
        string secret = new('s', 32);
        IAccessTokenVerifier verifier = AccessTokenVerifiers.Create(new AuthOptions { Hs256Secret = new Secret(secret) }, _http, _time);
        string input = Base64Url.EncodeToString("{\"alg\":\"HS256\"}"u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Claims("i", "a")));
        string good = input + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(input)));
        Assert.Equal("alice", (await verifier.VerifyAsync(good, default)).UserId);
        Assert.Equal(TokenRefusal.BadSignature, (await verifier.VerifyAsync(good[..^2] + "AA", default)).Refusal);
        Assert.Equal(TokenRefusal.AlgorithmNotAllowed, (await verifier.VerifyAsync(JwsVectors.Es256, default)).Refusal);
    }

    private IAccessTokenVerifier Supabase() =>
        AccessTokenVerifiers.Create(new AuthOptions { SupabaseUrl = new Uri("https://p.supabase.co"), SupabaseKey = new Secret("publishable") }, _http, _time);

    private string Claims(string issuer, string audience, int life = 600) =>
        "{\"iss\":\"" + issuer + "\",\"aud\":\"" + audience + "\",\"sub\":\"alice\",\"exp\":" + (_time.GetUtcNow().ToUnixTimeSeconds() + life) + "}";

    private sealed class SigningKey(string id) : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Set()
        {
            ECParameters parameters = _key.ExportParameters(false);
            return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" + id + "\",\"x\":\"" + Base64Url.EncodeToString(parameters.Q.X) + "\",\"y\":\"" + Base64Url.EncodeToString(parameters.Q.Y) + "\"}]}";
        }

        public string Sign(string claims)
        {
            string input = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("{\"alg\":\"ES256\",\"kid\":\"" + id + "\"}")) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
            return input + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }

        public void Dispose() => _key.Dispose();
    }

    private sealed class Provider : HttpMessageHandler
    {
        private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);

        /// <summary>Successful requests.</summary>
        public int Requests { get; private set; }

        public bool IsDown { get; set; }

        public HttpRequestMessage? Last { get; private set; }

        public void Serve(string address, string body) => _answers[address] = body;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsDown)
            {
                throw new HttpRequestException("down");
            }

            if (!_answers.TryGetValue(request.RequestUri!.ToString(), out string? body))
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized));
            }

            if (body != """{"keys":[]}""")
            {
                Requests++;
                Last = request;
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });
        }
    }
}
